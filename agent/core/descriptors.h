/* What a child must not inherit: a child that hangs would keep open whatever it has, a reader's pipe or the lock of an apply. */

#pragma once

/* Closes every open file from this number on. */
void descriptors_close_from(int first);
/* Lets no open file from this number on pass into another program that this process starts. */
void descriptors_keep_from(int first);
