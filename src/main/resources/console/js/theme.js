import { createStore } from './store.js';

const KEY = 'stoa-theme';
const ORDER = ['auto', 'light', 'dark'];

/** What the person has chosen: auto follows the system. */
export const theme = createStore(document.documentElement.dataset.theme || 'auto');

export function nextTheme() {
  const next = ORDER[(ORDER.indexOf(theme.get()) + 1) % ORDER.length];
  if (next === 'auto') {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = next;
  }
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Storage is refused: the choice holds until the page is closed.
  }
  theme.set(next);
}
