// The keyboard, where there is one: Escape closes, Enter and Space press what has the focus.

export function onEscape(told: () => void): () => void {
  // #ifdef H5
  const listen = (event: KeyboardEvent) => event.key === 'Escape' && told()
  document.addEventListener('keydown', listen)
  return () => document.removeEventListener('keydown', listen)
  // #endif
  // #ifndef H5
  void told
  return () => undefined
  // #endif
}

export function pressByKeyboard(): void {
  // #ifdef H5
  document.addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement
    if ((event.key === 'Enter' || event.key === ' ') && target.tabIndex === 0 && target.getAttribute('role')) {
      event.preventDefault()
      target.click()
    }
  })
  // #endif
}
