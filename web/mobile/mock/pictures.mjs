// Drawn stand-ins for goods, so that the mock server needs no picture files.
const GROUNDS = [['#fff3e0', '#ffd6a5'], ['#eef6ea', '#c4ddb8'], ['#fff8e1', '#f3d98f'], ['#fdeef0', '#f3bfc6'], ['#eaf1f8', '#bcd2e8'], ['#f4eefa', '#d3c0e8']]
const SHAPES = [
  (c) => `<rect x="255" y="230" width="240" height="380" rx="30" fill="${c}"/><rect x="240" y="180" width="270" height="80" rx="24" fill="#b98a43"/><rect x="290" y="330" width="170" height="190" rx="12" fill="#fff8ea"/><path d="M330 390h90M330 430h90M350 470h50" stroke="${c}" stroke-width="14"/>`,
  (c) => `<circle cx="270" cy="470" r="120" fill="${c}"/><circle cx="480" cy="470" r="120" fill="${c}"/><circle cx="375" cy="340" r="125" fill="${c}"/><path d="M375 220q40-70 110-60-20 70-110 60z" fill="#6aa84f"/><ellipse cx="330" cy="290" rx="30" ry="16" fill="#fff" opacity=".5" transform="rotate(-30 330 290)"/>`,
  (c) => `<path d="M250 280h250q30 0 30 50v220q0 70-70 70H290q-70 0-70-70V330q0-50 30-50z" fill="${c}"/><rect x="250" y="200" width="250" height="90" rx="20" fill="#7a5230"/><rect x="270" y="380" width="210" height="150" rx="14" fill="#fffaf0"/>`,
  (c) => `<path d="M320 170h110v90q70 40 70 130v210q0 30-30 30H280q-30 0-30-30V390q0-90 70-130z" fill="${c}"/><rect x="310" y="130" width="130" height="56" rx="14" fill="#4a3a30"/><rect x="262" y="420" width="226" height="120" fill="#fff8ee"/>`,
]
const COLOURS = ['#2f6b46', '#f29b2f', '#d9902a', '#b3304a', '#3f6c9b', '#7c5aa6']

export function picture(n) {
  const [light, deep] = GROUNDS[n % GROUNDS.length]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 750 750" width="750" height="750"><defs><radialGradient id="g" cx="50%" cy="40%" r="75%"><stop offset="0" stop-color="${light}"/><stop offset="1" stop-color="${deep}"/></radialGradient></defs><rect width="750" height="750" fill="url(#g)"/><ellipse cx="375" cy="636" rx="200" ry="24" fill="#000" opacity=".12"/>${SHAPES[n % SHAPES.length](COLOURS[n % COLOURS.length])}</svg>`
}
export const banner = () =>
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1050 420" width="1050" height="420"><defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#fff0d9"/><stop offset="1" stop-color="#ffc894"/></linearGradient></defs><rect width="1050" height="420" fill="url(#g)"/><text x="70" y="180" font-size="72" font-weight="700" fill="#7a330a" font-family="sans-serif">春茶上新</text><text x="70" y="260" font-size="38" fill="#8a4a1c" font-family="sans-serif">明前采摘 · 产地直发</text><circle cx="820" cy="230" r="120" fill="#6a8f4e"/><circle cx="930" cy="290" r="80" fill="#87a866"/></svg>'
