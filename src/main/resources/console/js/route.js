import { createStore } from './store.js';

/** Where the person is: the parts of the hash, ['orders', '0192…']. */
export const place = createStore(read());

addEventListener('hashchange', () => place.set(read()));

export function go(...parts) {
  location.hash = `#/${parts.map(encodeURIComponent).join('/')}`;
}

export function link(...parts) {
  return `#/${parts.map(encodeURIComponent).join('/')}`;
}

function read() {
  const parts = location.hash.replace(/^#\/?/, '').split('/').filter(Boolean);
  return parts.length ? parts.map(decode) : ['map'];
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
