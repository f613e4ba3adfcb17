/* Prints the name servers that the C library has loaded, one a line, in the order in which it asks them. */

#include <arpa/inet.h>
#include <net/if.h>
#include <resolv.h>
#include <stdio.h>

int main(void)
{
        struct __res_state state = { 0 };

        if (res_ninit(&state) < 0)
                return 1;
        for (int i = 0; i < state.nscount; i++) {
                const struct sockaddr_in6 *six = state._u._ext.nsaddrs[i];
                char text[INET6_ADDRSTRLEN], name[IF_NAMESIZE];

                if (state.nsaddr_list[i].sin_family == AF_INET)
                        puts(inet_ntop(AF_INET, &state.nsaddr_list[i].sin_addr, text, sizeof text));
                else if (six && six->sin6_scope_id)
                        printf("%s%%%s\n", inet_ntop(AF_INET6, &six->sin6_addr, text, sizeof text),
                               if_indextoname(six->sin6_scope_id, name) ? name : "?");
                else if (six)
                        puts(inet_ntop(AF_INET6, &six->sin6_addr, text, sizeof text));
        }
        res_nclose(&state);
        return 0;
}
