// Runs before the page is painted, so that it never flashes in the other theme.
try {
  const theme = localStorage.getItem('stoa-theme');
  if (theme === 'light' || theme === 'dark') {
    document.documentElement.dataset.theme = theme;
  }
} catch {
  // Storage is refused: the system's theme holds.
}
