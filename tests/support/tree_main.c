/* tree FILE FOLDER: makes the machine that a .tree file describes in a new folder, for the tests that are scripts. */

#include "tests/support/tree.h"

#include <stdio.h>
#include <sys/stat.h>

int main(int argc, char **argv)
{
        struct tree *tree;

        if (argc != 3) {
                fprintf(stderr, "usage: tree FILE FOLDER\n");
                return 2;
        }
        if (mkdir(argv[2], 0755) < 0) {
                perror(argv[2]);
                return 1;
        }
        tree = tree_at(argv[2]);
        tree_read(tree, argv[1]);
        tree_keep(tree);
        return 0;
}
