// The quick exit. It works at once: the screen is blank before anything is asked of the network.
//
// The link is a real link, so that it leaves without JavaScript too; `location.replace` takes the
// page out of the history, so that Back does not return to it.

const AWAY = '/bye';
const TIMES = 3;
const WITHIN_MS = 1000; // from one press to the next

/**
 * Hold the ways out of this page: the link, Shift three times, closing, coming back.
 * @param {() => void} forget lets go of everything that was typed or made
 * @param {string} [away] where it leads
 */
export function guard(forget, away = AWAY) {
  let left = false;
  const clear = () => {
    empty();
    forget();
  };
  const leave = () => {
    left = true;
    clear();
    location.replace(away);
  };
  document.addEventListener('click', (event) => {
    const on = event.target instanceof Element ? event.target.closest(`a[href="${AWAY}"]`) : null;
    if (!on) return;
    event.preventDefault();
    leave();
  });
  document.addEventListener('keyup', shifts(leave));
  addEventListener('pagehide', clear);
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    clear();
    location.replace(left ? away : location.pathname);
  });
}

/**
 * Return what counts Shift pressed alone, three times in a row (GOV.UK's rule): a Shift that made
 * a capital does not count, and another key begins anew.
 * @param {() => void} leave
 * @returns {(event: {key: string, shiftKey: boolean, timeStamp: number}) => void}
 */
export function shifts(leave) {
  let times = 0;
  let last = 0;
  let used = false;
  return ({ key, shiftKey, timeStamp }) => {
    if (key !== 'Shift') {
      times = 0;
      used = shiftKey;
      return;
    }
    if (used) {
      used = false;
      return;
    }
    times = times && timeStamp - last <= WITHIN_MS ? times + 1 : 1;
    last = timeStamp;
    if (times === TIMES) leave();
  };
}

/** Blank the screen, then take everything out of the document. */
function empty() {
  document.documentElement.hidden = true;
  for (const field of document.querySelectorAll('input, textarea')) {
    /** @type {HTMLInputElement} */ (field).value = '';
  }
  document.body.replaceChildren();
}
