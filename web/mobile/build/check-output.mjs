// What both outputs must hold: no foreign address, no counting picture, no icon font from elsewhere.
import fs from 'node:fs'
import path from 'node:path'

export function filesUnder(root) {
  return fs
    .readdirSync(root, { recursive: true })
    .map(String)
    .filter((file) => fs.statSync(path.join(root, file)).isFile())
}

/** Names of XML vocabularies look like addresses and are never fetched. */
const VOCABULARY = /^https?:\/\/www\.w3\.org\//
const COUNTING = /cdn\d*\.dcloud\.net\.cn|preloadAssets|fromCharCode\(99,\s*100|at\.alicdn\.com|tdesign\.gtimg/
const FETCHED = /(?:url\(\s*["']?|\bsrc\s*=\s*["']|\bhref\s*=\s*["']|@import\s+["'])((?:https?:)?\/\/[^"')\s]+)/g

export function foreignAddresses(root, files) {
  const found = []
  for (const file of files.filter((name) => /\.(js|css|html|wxml|wxss|wxs|json|svg)$/.test(name))) {
    const text = fs.readFileSync(path.join(root, file), 'utf8')
    const counting = COUNTING.exec(text)
    if (counting) found.push(`${file}: ${counting[0]}`)
    for (const [, address] of text.matchAll(FETCHED)) {
      if (!VOCABULARY.test(address)) found.push(`${file}: ${address}`)
    }
  }
  return found
}

export function sizeOf(root, files) {
  return files.reduce((sum, file) => sum + fs.statSync(path.join(root, file)).size, 0)
}

export function finish(what, lines, wrong) {
  console.log(lines.join('\n'))
  if (wrong.length) {
    console.error(wrong.join('\n'))
    process.exit(1)
  }
  console.log(`${what} output is clean.`)
}
