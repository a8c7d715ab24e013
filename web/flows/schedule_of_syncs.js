/**
 * When a page syncs: when it is unlocked, every ten minutes of the clock, when it is locked.
 *
 * The times are the same for everybody, so that they say nothing about who did something and when.
 */

/** Ten minutes. */
export const GRID_MS = 600_000;

/**
 * Returns how many milliseconds it is until the next time on the grid, 1 to ten minutes.
 * @param {number} now POSIX milliseconds
 */
export const untilNext = (now) => GRID_MS - (now % GRID_MS);
