import { get } from './api.js';
import { readEvents } from './events.js';
import { end, session } from './session.js';
import { createStore } from './store.js';

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;
// The server says something at least every ten seconds; looked at every SILENCE / 4.
const SILENCE = 25_000;
const HISTORY = 150;
const CHANGES = 300;

/** How the connection does: {state: 'connecting' | 'live' | 'waiting', since, until, why}. */
export const connection = createStore({ state: 'connecting', since: Date.now() });

/** The newest map of traffic, or null before the first. */
export const traffic = createStore(null);

/** The gateway as a whole in the last five minutes, the oldest first. */
export const history = createStore([]);

/** What has changed, the newest first. */
export const changes = createStore([]);

let lastId = '';
let current = null;

session.watch(restart);

/** Follows the events of the server for as long as somebody is logged in. */
export function start() {
  restart();
}

/** Does not wait for the next attempt. */
export function hurry() {
  current?.wake?.();
}

function restart() {
  current?.stop();
  current = null;
  if (session.get()) {
    current = follow(session.get().token);
  } else {
    lastId = '';
    traffic.set(null);
    history.set([]);
    changes.set([]);
  }
}

function follow(token) {
  const run = { stopped: false, abort: null, wake: null, stop: null };
  run.stop = () => {
    run.stopped = true;
    run.abort?.abort();
    run.wake?.();
  };
  loop(token, run);
  return run;
}

async function loop(token, run) {
  let pause = FIRST_PAUSE;
  while (!run.stopped) {
    connection.set({ state: 'connecting', since: Date.now() });
    let why = 'The stream has ended.';
    try {
      await once(token, run, () => {
        pause = FIRST_PAUSE;
      });
    } catch (failure) {
      why = failure.message;
    }
    if (run.stopped) {
      return;
    }
    const wait = pause * (0.75 + Math.random() / 2);
    connection.set({ state: 'waiting', since: Date.now(), until: Date.now() + wait, why });
    await sleep(wait, run);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
}

/** One connection, to its end. */
async function once(token, run, onOpen) {
  run.abort = new AbortController();
  let heard = Date.now();
  const watchdog = setInterval(() => {
    if (Date.now() - heard > SILENCE) {
      run.abort.abort();
    }
  }, SILENCE / 4);
  try {
    const headers = { Accept: 'text/event-stream', Authorization: `Bearer ${token}` };
    if (lastId) {
      headers['Last-Event-ID'] = lastId;
    }
    const response = await open(headers, run.abort.signal);
    await fillHistory();
    onOpen();
    connection.set({ state: 'live', since: Date.now() });
    await readEvents(response, (name, data, id) => {
      heard = Date.now();
      receive(name, data, id);
    });
  } catch (failure) {
    throw new Error(failure.name === 'AbortError' ? 'The server has gone silent.' : failure.message);
  } finally {
    clearInterval(watchdog);
  }
}

async function open(headers, signal) {
  let response;
  try {
    response = await fetch('/api/admin/events', {
      headers, signal, cache: 'no-store', credentials: 'omit',
    });
  } catch (failure) {
    throw failure.name === 'AbortError' ? failure : new Error('The server does not answer.');
  }
  if (response.status === 401 || response.status === 403) {
    end('The server does not take your token any more. Log in again to go on where you were.');
  }
  if (!response.ok) {
    throw new Error(`The server answered ${response.status}.`);
  }
  return response;
}

async function fillHistory() {
  const map = await get('/api/admin/traffic');
  history.set(map.history || []);
  if (map.at) {
    traffic.set(map);
  }
}

function receive(name, data, id) {
  if (name === 'traffic') {
    traffic.set(data);
    const past = history.get();
    if (data.at && past.at(-1)?.at !== data.at) {
      history.set([...past, { ...data.gateway, at: data.at }].slice(-HISTORY));
    }
  } else if (name === 'change' && id !== lastId) {
    lastId = id;
    changes.set([{ ...data, id }, ...changes.get()].slice(0, CHANGES));
  }
}

function sleep(millis, run) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, millis);
    run.wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}
