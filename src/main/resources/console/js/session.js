import { createStore } from './store.js';

const KEY = 'stoa-session';

/**
 * Who is logged in: {token, username, expiresAt} or null. It lives as long as the tab does, and the
 * token is in no URL.
 */
export const session = createStore(restore());

/** Why the last session ended, for the login page; empty where nobody needs to know. */
export const farewell = createStore('');

let timer = 0;
session.watch(watchExpiry);
watchExpiry(session.get());

export function begin(token, username, seconds) {
  const next = { token, username, expiresAt: Date.now() + seconds * 1000 };
  try {
    sessionStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // Storage is refused: a reload of the page asks for the password again.
  }
  farewell.set('');
  session.set(next);
}

export function end(why = '') {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // There is nothing stored then.
  }
  farewell.set(why);
  session.set(null);
}

function watchExpiry(current) {
  clearTimeout(timer);
  if (current) {
    const left = Math.min(current.expiresAt - Date.now(), 2 ** 31 - 1);
    timer = setTimeout(() => {
      if (Date.now() >= current.expiresAt - 1000) {
        end('Your session has ended, as sessions do after a while. Log in to go on where you were.');
      } else {
        watchExpiry(current);
      }
    }, Math.max(0, left));
  }
}

function restore() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY));
    return kept && kept.expiresAt > Date.now() ? kept : null;
  } catch {
    return null;
  }
}
