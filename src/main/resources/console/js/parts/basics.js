import { html, useEffect, useRef, useState } from '../lib.js';
import { words } from '../format.js';
import { Icon } from './icons.js';

const TONES = {
  closed: 'ok', healthy: 'ok', up: 'ok', answering: 'ok', paid: 'ok', delivered: 'ok', ended: 'quiet',
  done: 'ok', pass: 'ok', half_open: 'warn', stale: 'warn', reserved: 'info', pending: 'info',
  running: 'info', waiting: 'quiet', shipped: 'info', intent: 'info', unknown: 'warn', stopping: 'warn',
  open: 'bad', unhealthy: 'bad', ejected: 'bad', away: 'bad', needs_attention: 'bad', refused: 'bad',
  failed: 'bad', refuse: 'bad', cancelled: 'quiet',
};

export function toneOf(state) {
  return TONES[state] || 'quiet';
}

/** A state, by colour, shape and word. */
export function Badge({ state, tone = toneOf(state), children }) {
  return html`<span class="badge ${tone}"><i aria-hidden="true" />${children ?? words(state)}</span>`;
}

export function Empty({ title, children }) {
  return html`<div class="empty"><strong>${title}</strong>${children && html`<p>${children}</p>`}</div>`;
}

/** What went wrong, in the server's words, and what can be done about it. */
export function Failure({ failure, retry }) {
  return html`<div class="failure" role="alert">
    <${Icon} name="warn" />
    <div>
      <strong>${failure.title || 'That did not work'}</strong>
      <p>${failure.message}</p>
      ${failure.errors?.length > 0 && html`<ul>
        ${failure.errors.map((e) => html`<li><code>${e.field}</code> ${e.reason}</li>`)}
      </ul>`}
      ${failure.requestId && html`<p class="fine">Request <code>${failure.requestId}</code></p>`}
      ${retry && html`<button type="button" class="quiet" onClick=${retry}>Try again</button>`}
    </div>
  </div>`;
}

/** What is shown until there is something to show: as high as that will be. */
export function Waiting({ lines = 4 }) {
  return html`<div class="waiting" aria-busy="true"><span class="unseen">Loading</span>
    ${Array.from({ length: lines }, (_, i) => html`<div key=${i} />`)}</div>`;
}

export function Card({ title, aside, children, wide }) {
  return html`<section class="card ${wide ? 'wide' : ''}">
    ${title && html`<header><h2>${title}</h2>${aside && html`<div class="aside">${aside}</div>`}</header>`}
    ${children}
  </section>`;
}

/**
 * Asks the server again and again while the view is open.
 * Answers {data, failure, reload}; the last data stay while a later call fails.
 */
export function useData(load, deps, everyMillis = 0) {
  const [state, setState] = useState({ data: null, failure: null });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let live = true;
    let timer = 0;
    const ask = async () => {
      try {
        const data = await load();
        if (live) {
          setState({ data, failure: null });
        }
      } catch (failure) {
        if (live) {
          setState((before) => ({ data: before.data, failure }));
        }
      }
      if (live && everyMillis) {
        timer = setTimeout(ask, everyMillis);
      }
    };
    ask();
    return () => {
      live = false;
      clearTimeout(timer);
    };
  }, [...deps, turn]);
  return { ...state, reload: () => setTurn((t) => t + 1) };
}

/** The time, again and again, for what says how long ago something was. */
export function useNow(everyMillis = 1000) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMillis);
    return () => clearInterval(timer);
  }, [everyMillis]);
  return now;
}

/** How wide an element is, as it changes. */
export function useWidth(initial = 800) {
  const ref = useRef(null);
  const [width, setWidth] = useState(initial);
  useEffect(() => {
    // Whatever is hidden or on its way out has no width; it stays as it was.
    const observer = new ResizeObserver(([entry]) => entry.contentRect.width && setWidth(Math.round(entry.contentRect.width)));
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}
