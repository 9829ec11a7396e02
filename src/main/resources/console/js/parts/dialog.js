import { html, useEffect, useRef } from '../lib.js';

/** A window over the page; Escape and a click beside it close it, and the focus goes back. */
export function Dialog({ title, onClose, children }) {
  const ref = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    ref.current.showModal();
    return () => {
      // One that was closed has given the focus back by itself, and it may have gone on since.
      if (document.activeElement === document.body) {
        before?.focus?.();
      }
    };
  }, []);
  return html`<dialog ref=${ref} aria-labelledby="dialog-title" onClose=${onClose}
    onClick=${(event) => event.target === ref.current && ref.current.close()}>
    <div class="dialog-body"><h2 id="dialog-title">${title}</h2>${children}</div>
  </dialog>`;
}

/** Asks once more before something is done. */
export function Confirm({ title, action, danger, onYes, onNo, children }) {
  return html`<${Dialog} title=${title} onClose=${onNo}>
    ${children}
    <div class="row end">
      <button type="button" onClick=${onNo}>Cancel</button>
      <button type="button" class=${danger ? 'danger' : 'primary'} onClick=${onYes}>${action}</button>
    </div>
  <//>`;
}
