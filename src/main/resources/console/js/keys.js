import { createStore } from './store.js';

const KEY = 'stoa-shortcuts';

/** Whether single keys do something; people who dictate may not want that (WCAG 2.1.4). */
export const shortcuts = createStore(localStorageSays() !== 'off');

const bound = new Map();

/** Lets a key do something while nothing is being written; the answer ends it. */
export function bind(key, action) {
  bound.set(key, action);
  return () => bound.delete(key);
}

export function toggleShortcuts() {
  const on = !shortcuts.get();
  try {
    localStorage.setItem(KEY, on ? 'on' : 'off');
  } catch {
    // Storage is refused: the choice holds until the page is closed.
  }
  shortcuts.set(on);
}

addEventListener('keydown', (event) => {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
  const writing = event.target.closest?.('input, textarea, select, dialog, [contenteditable]');
  const action = bound.get(event.key);
  if (plain && !writing && action && shortcuts.get()) {
    event.preventDefault();
    action();
  }
});

/** For a list of things of which one takes the focus: moves it by the arrow keys, Home and End. */
export function rove(event, selector = '[data-rove]') {
  const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
  const all = [...event.currentTarget.querySelectorAll(selector)];
  const at = all.indexOf(event.target.closest(selector));
  let to = at + (steps[event.key] || 0);
  if (event.key === 'Home') {
    to = 0;
  } else if (event.key === 'End') {
    to = all.length - 1;
  }
  if (at >= 0 && to !== at && all[to]) {
    event.preventDefault();
    all[to].focus();
  }
}

function localStorageSays() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
