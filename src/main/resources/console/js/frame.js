import { html } from './lib.js';
import { seconds } from './format.js';
import { connection, hurry, traffic } from './live.js';
import { Icon } from './parts/icons.js';
import { useNow } from './parts/basics.js';
import { link } from './route.js';
import { end, session } from './session.js';
import { useStore } from './store.js';
import { nextTheme, theme } from './theme.js';
import { VIEWS } from './views.js';

const THEME_ICON = { auto: 'auto', light: 'sun', dark: 'moon' };

/** What is around every view: where one can go, who one is, and whether all this is live. */
export function Frame({ view, onHelp, children }) {
  const skip = (event) => {
    event.preventDefault();
    document.getElementById('main').focus();
  };
  return html`<div class="frame">
    <a class="skip" href="#main" onClick=${skip}>Skip to the content</a>
    <header class="top">
      <a class="brand" href=${link('map')}><img src="icon.svg" alt="" width="26" height="26" />Stoa</a>
      <${Live} />
      <${Tools} onHelp=${onHelp} />
    </header>
    <nav class="places" aria-label="Views">
      ${VIEWS.map((v, i) => html`<a key=${v.name} href=${link(v.name)} aria-current=${v === view ? 'page' : undefined}>
        <${Icon} name=${v.name} /><span>${v.short}</span><kbd aria-hidden="true">${i + 1}</kbd></a>`)}
    </nav>
    ${children}
  </div>`;
}

function Live() {
  const { state, until, why } = useStore(connection);
  const map = useStore(traffic);
  const now = useNow();
  if (state === 'live') {
    return html`<p class="live on" role="status"><i aria-hidden="true" />Live<span class="node"> · ${map?.node}</span></p>`;
  }
  if (state === 'connecting') {
    return html`<p class="live" role="status"><i aria-hidden="true" />Connecting…</p>`;
  }
  return html`<p class="live off" title=${why}><i aria-hidden="true" /><span role="status">Not live</span>
    <button type="button" class="link" onClick=${hurry}>again in ${seconds(Math.max(0, until - now) / 1000)}</button></p>`;
}

function Tools({ onHelp }) {
  const who = useStore(session);
  const chosen = useStore(theme);
  return html`<div class="tools">
    <span class="who">${who?.username}</span>
    <button type="button" class="tool" onClick=${nextTheme} aria-label="Theme: ${chosen}. Change it">
      <${Icon} name=${THEME_ICON[chosen]} /></button>
    <button type="button" class="tool" onClick=${onHelp} aria-label="Keyboard shortcuts"><b aria-hidden="true">?</b></button>
    <button type="button" class="tool" onClick=${() => end()} aria-label="Log out"><${Icon} name="out" /></button>
  </div>`;
}
