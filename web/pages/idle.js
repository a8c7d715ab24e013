// Locking when nobody uses the page: after a while without a touch, by the clock.

/** After so many minutes without a touch the page is locked. */
export const IDLE_MINUTES = 15;
export const MINUTE_MS = 60_000;

const IDLE_MS = IDLE_MINUTES * MINUTE_MS;
const IDLE_LOOK_MS = MINUTE_MS / 2;
const TOUCHES = ['pointerdown', 'keydown', 'wheel', 'touchstart'];
const COMES_BACK = ['visibilitychange', 'focus', 'pageshow'];

/**
 * Lock when nobody touched the page for 15 minutes, until the signal ends it.
 * @param {object} given
 * @param {() => number} given.now POSIX milliseconds
 * @param {() => unknown} given.lock
 * @param {() => boolean} [given.setBack] what is done where the clock was set back; true: it was
 *   dealt with, and is no reason to lock
 * @param {AbortSignal} given.signal
 */
export function lockWhenIdle({ now, lock, setBack = () => false, signal }) {
  let last = now();
  // By the clock: a timer stands still while the device sleeps. One set back locks as well.
  const lockIdle = () => {
    const is_set_back = last - now() > MINUTE_MS;
    if (is_set_back && setBack()) {
      last = now();
      return false;
    }
    const is_idle = is_set_back || now() - last >= IDLE_MS;
    if (is_idle) lock();
    return is_idle;
  };
  const touched = () => lockIdle() || (last = now());
  const timer = setInterval(lockIdle, IDLE_LOOK_MS);
  signal.addEventListener('abort', () => clearInterval(timer));
  for (const one of TOUCHES) addEventListener(one, touched, { signal, passive: true });
  for (const one of COMES_BACK) addEventListener(one, lockIdle, { signal });
}
