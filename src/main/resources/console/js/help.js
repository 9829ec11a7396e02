import { html } from './lib.js';
import { shortcuts, toggleShortcuts } from './keys.js';
import { Dialog } from './parts/dialog.js';
import { useStore } from './store.js';
import { VIEWS } from './views.js';

export function Help({ onClose }) {
  const on = useStore(shortcuts);
  return html`<${Dialog} title="Keyboard" onClose=${onClose}>
    <dl class="keys">
      ${VIEWS.map((v, i) => html`<div key=${v.name}><dt><kbd>${i + 1}</kbd></dt><dd>${v.title}</dd></div>`)}
      <div><dt><kbd>/</kbd></dt><dd>Go to the filter of the view</dd></div>
      <div><dt><kbd>t</kbd></dt><dd>Change the theme: as the system, light, dark</dd></div>
      <div><dt><kbd>?</kbd></dt><dd>This list</dd></div>
      <div><dt><kbd>←</kbd> <kbd>→</kbd></dt><dd>Move in the map and in lists; read a plot</dd></div>
      <div><dt><kbd>Esc</kbd></dt><dd>Close what is open</dd></div>
    </dl>
    <label class="check"><input type="checkbox" checked=${on} onChange=${toggleShortcuts} />
      Single keys are shortcuts</label>
    <div class="row end"><button type="button" class="primary" onClick=${onClose}>Close</button></div>
  <//>`;
}
