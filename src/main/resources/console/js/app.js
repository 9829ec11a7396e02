import { html, useEffect, useRef, useState } from './lib.js';
import { Frame } from './frame.js';
import { Help } from './help.js';
import { bind } from './keys.js';
import { Login } from './login.js';
import { go, place } from './route.js';
import { session } from './session.js';
import { useStore } from './store.js';
import { nextTheme } from './theme.js';
import { VIEWS } from './views.js';

export function App() {
  return useStore(session) ? html`<${Console} />` : html`<${Login} />`;
}

function Console() {
  const [name, ...rest] = useStore(place);
  const [help, setHelp] = useState(false);
  const view = VIEWS.find((v) => v.name === name) || VIEWS[0];
  const main = useRef(null);
  const first = useRef(true);
  useEffect(() => {
    const ends = VIEWS.map((v, i) => bind(String(i + 1), () => go(v.name)));
    ends.push(bind('?', () => setHelp(true)), bind('t', nextTheme));
    ends.push(bind('/', () => document.querySelector('[data-filter]')?.focus()));
    return () => ends.forEach((end) => end());
  }, []);
  useEffect(() => {
    document.title = `${view.title} · Stoa console`;
    // A change of view is a new page to a screen reader; the first one is where the page begins.
    if (!first.current) {
      main.current.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    first.current = false;
  }, [view]);
  return html`<${Frame} view=${view} onHelp=${() => setHelp(true)}>
    <main id="main" ref=${main} tabindex="-1" aria-label=${view.title}>
      <${view.component} rest=${rest} />
    </main>
    ${help && html`<${Help} onClose=${() => setHelp(false)} />`}
  <//>`;
}
