/* SHA-256 as FIPS 180-4 writes it down, for contents that are whole in memory. */

#include "agent/core/sha256.h"

#include <stdint.h>
#include <string.h>

#define BLOCK_SIZE 64

/* FIPS 180-4, section 4.2.2: the fractions of the cube roots of the first 64 primes. */
static const uint32_t round_constants[64] = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
        0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
        0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
        0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
        0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
        0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t word, unsigned by)
{
        return (word >> by) | (word << (32 - by));
}

/* Section 6.2.2, step 1. */
static void schedule(const uint8_t *block, uint32_t w[64])
{
        for (unsigned i = 0; i < 16; i++, block += 4)
                w[i] = (uint32_t)block[0] << 24 | (uint32_t)block[1] << 16 | (uint32_t)block[2] << 8 | block[3];
        for (unsigned i = 16; i < 64; i++) {
                uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ (w[i - 15] >> 3);
                uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ (w[i - 2] >> 10);

                w[i] = w[i - 16] + s0 + w[i - 7] + s1;
        }
}

/* Section 6.2.2, steps 2 to 4. Instead of moving the eight working variables down each round, their names move: what round i
 * calls a stands at (8 - i) mod 8. */
static void compress(uint32_t state[8], const uint8_t *block)
{
        uint32_t w[64], v[8];

        schedule(block, w);
        memcpy(v, state, sizeof(v));
        for (unsigned i = 0; i < 64; i++) {
                uint32_t a = v[(0 - i) % 8], b = v[(1 - i) % 8], c = v[(2 - i) % 8];
                uint32_t e = v[(4 - i) % 8], f = v[(5 - i) % 8], g = v[(6 - i) % 8], h = v[(7 - i) % 8];
                uint32_t s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
                uint32_t t1 = h + s1 + ((e & f) ^ (~e & g)) + round_constants[i] + w[i];
                uint32_t s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);

                v[(3 - i) % 8] += t1;
                v[(7 - i) % 8] = t1 + s0 + ((a & b) ^ (a & c) ^ (b & c));
        }
        for (unsigned i = 0; i < 8; i++)
                state[i] += v[i];
}

void sha256_hex(const void *bytes, size_t size, char hex[65])
{
        static const char digits[] = "0123456789abcdef";
        uint32_t state[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
        uint8_t tail[2 * BLOCK_SIZE] = { 0 };
        size_t whole = size - size % BLOCK_SIZE, rest = size % BLOCK_SIZE;
        size_t tail_size = rest + 9 <= BLOCK_SIZE ? BLOCK_SIZE : 2 * BLOCK_SIZE;

        for (size_t at = 0; at < whole; at += BLOCK_SIZE)
                compress(state, (const uint8_t *)bytes + at);
        if (rest > 0)
                memcpy(tail, (const uint8_t *)bytes + whole, rest);
        tail[rest] = 0x80;
        for (unsigned i = 0; i < 8; i++)
                tail[tail_size - 1 - i] = (uint8_t)(((uint64_t)size * 8) >> (8 * i));
        for (size_t at = 0; at < tail_size; at += BLOCK_SIZE)
                compress(state, tail + at);

        for (unsigned i = 0; i < 64; i++)
                hex[i] = digits[(state[i / 8] >> (28 - 4 * (i % 8))) & 0xf];
        hex[64] = '\0';
}
