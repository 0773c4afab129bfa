// Runs before the first paint, so that a dark console never flashes white. A file of its own: the CSP allows no inline script.
;(function () {
  var kept = null
  try {
    kept = localStorage.getItem('weike.console.theme')
  } catch (e) {
    /* storage is switched off: follow the system */
  }
  var dark = kept === 'dark' || (kept !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.toggle('dark', dark)
})()
