/* SPDX-License-Identifier: MIT */
#ifndef VNPU_TESTS_OWN_FOLDER_H
#define VNPU_TESTS_OWN_FOLDER_H

/**
 * own_folder_enter() - change to a new folder, removed when the process exits
 *
 * For a test's main(): files with relative names do not meet those of the same test that
 * runs in another build.
 */
void own_folder_enter(void);

#endif
