// Which screen is shown, and which came before it. A screen draws itself from the state, so going
// back shows it with everything that was kept. The browser's own Back leaves the page.

import { alarm, button, h, screen, status } from './dom.js';

/** @typedef {import('./dom.js').Child} Child */

/**
 * One screen: it draws itself from the state.
 * @template S
 * @typedef {(state: S) => void} Screen
 */

/**
 * The screens so far.
 * @template {{main: HTMLElement, words: import('./words.js').Words,
 *   learn?: (trouble: unknown) => Promise<void>}} S `learn` fetches words for a trouble that has none yet
 */
export class Flow {
  /** @param {S} state what the screens draw from */
  constructor(state) {
    this.state = state;
    /** @type {Screen<S>[]} */
    this.screens = [];
    this.turn = 0;
  }

  /** Show the next screen. @param {Screen<S>} next */
  go(next) {
    this.screens.push(next);
    this.draw();
  }

  /** Show another screen in place of this one; going back leads past it. @param {Screen<S>} other */
  swap(other) {
    this.screens.pop();
    this.go(other);
  }

  /** Show a screen from which nothing leads back. @param {Screen<S>} first */
  anew(first) {
    this.screens = [];
    this.go(first);
  }

  /** Show the screen before this one. */
  back() {
    if (this.screens.length > 1) this.screens.pop();
    this.draw();
  }

  /** Return what says whether this screen is still shown, for work that takes a while. */
  here() {
    const now = this.turn;
    return () => now === this.turn;
  }

  draw() {
    this.turn += 1;
    this.screens.at(-1)?.(this.state);
  }

  /** Let go of everything; work that is under way finds no screen any more. */
  end() {
    this.turn += 1;
    this.screens = [];
  }

  /**
   * Draw a screen, with the way back where there is one.
   * @param {string} name for `data-screen`
   * @param {string} title
   * @param {...(Child | Child[])} body
   */
  show(name, title, ...body) {
    const { main, words } = this.state;
    const on = () => this.back();
    const back = this.screens.length > 1 ? { text: words.t('shared.back'), on } : undefined;
    screen(main, { name, title, back, body });
  }

  /**
   * Return a place that says what is going on and what went wrong, and what does some work there.
   * Where the screen was left meanwhile, nothing happens any more.
   * @param {(trouble: unknown) => string} texts
   */
  notice(texts) {
    const now = status();
    const wrong = alarm();
    let busy = false;
    /**
     * @template T
     * @param {() => Promise<T>} work
     * @param {(done: T) => void} then
     */
    const during = async (work, then) => {
      if (busy) return;
      busy = true;
      const here = this.here();
      wrong.fail('');
      now.textContent = this.state.words.t('shared.wait');
      try {
        const done = await work();
        if (here()) then(done);
      } catch (trouble) {
        await this.state.learn?.(trouble);
        if (here()) wrong.fail(texts(trouble));
      }
      now.textContent = '';
      busy = false;
    };
    return { box: h('div', {}, now, wrong.box), during };
  }

  /** Return the button that leads back to where this screen was opened. @param {() => void} [on] */
  done(on) {
    return button(this.state.words.t('shared.done'), on ?? (() => this.back()));
  }
}
