// Runs before the first paint, so that a person who chose a theme never sees the other one flash by.
try {
  var chosen = localStorage.getItem('evosense.theme')
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
} catch (error) {
  // Storage is closed in some private windows; the system's theme then applies.
}
