// The one place that knows which library draws the page.
export {
  html, render, useState, useEffect, useLayoutEffect, useRef, useMemo, useCallback,
} from '../vendor/preact-htm.js';
