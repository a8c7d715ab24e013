// The quick exit: what it clears, in which order, and what does not set it off.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { guard, shifts } from '../pages/exit.js';
import { FakeElement, freshDocument } from './fake_document.js';

/** Press keys, each at its time in milliseconds. @param {...[string, number, boolean?]} keys */
function left(...keys) {
  let times = 0;
  const press = shifts(() => (times += 1));
  for (const [key, timeStamp, shiftKey = false] of keys) press({ key, timeStamp, shiftKey });
  return times;
}

test('Shift three times leaves', () => {
  assert.equal(left(['Shift', 0], ['Shift', 400], ['Shift', 900]), 1);
});

test('two presses, slow presses, and presses with another key between do not leave', () => {
  assert.equal(left(['Shift', 0], ['Shift', 100]), 0);
  assert.equal(left(['Shift', 0], ['Shift', 1200], ['Shift', 2400]), 0);
  assert.equal(left(['Shift', 0], ['Shift', 100], ['a', 150], ['Shift', 200]), 0);
});

test('capital letters do not leave', () => {
  const letter = (/** @type {number} */ at) => /** @type {[string, number, boolean?][]} */ ([['A', at, true], ['Shift', at + 10]]);
  assert.equal(left(...letter(0), ...letter(100), ...letter(200)), 0);
  assert.equal(left(...letter(0), ['Shift', 100], ['Shift', 200]), 0);
});

/** A guarded page with something in a field. */
function guarded() {
  const page = freshDocument();
  const link = new FakeElement('a');
  const field = new FakeElement('input');
  const noted = { forgotten: 0 };
  field.value = 'secret';
  Object.assign(link, { closest: () => link });
  page.main.append(link, field);
  guard(() => {
    noted.forgotten += 1;
    assert.equal(page.document.documentElement.hidden, true);
  });
  return { ...page, link, field, noted };
}

test('the link blanks the screen, empties fields and document, and then replaces the page', () => {
  const { document, link, field, away, noted } = guarded();
  document.fire('click', { target: link });
  assert.equal(field.value, '');
  assert.equal(document.body.childNodes.length, 0);
  assert.deepEqual([away, noted.forgotten], [['/bye'], 1]);
});

test('closing the page empties it, and leads nowhere', () => {
  const { window, field, away, noted } = guarded();
  window.fire('pagehide');
  assert.deepEqual([field.value, away, noted.forgotten], ['', [], 1]);
});

test('a page that the browser kept is emptied again, and after leaving it leads away again', () => {
  const { document, window, link, away } = guarded();
  window.fire('pageshow', { persisted: false });
  assert.deepEqual(away, []);
  window.fire('pageshow', { persisted: true });
  document.fire('click', { target: link });
  window.fire('pageshow', { persisted: true });
  assert.deepEqual(away, ['/', '/bye', '/bye']);
});

test('a click beside the link does nothing', () => {
  const { document, field, away } = guarded();
  const other = new FakeElement('p');
  Object.assign(other, { closest: () => null });
  document.fire('click', { target: other });
  assert.deepEqual([field.value, away], ['secret', []]);
});
