// Small things kept on this device. A full or forbidden store is not worth an error to anybody.

export function recall<T>(key: string): T | undefined {
  try {
    const value: unknown = uni.getStorageSync(`weike.${key}`)
    return value === '' || value === null ? undefined : (value as T)
  } catch {
    return undefined
  }
}

export function remember(key: string, value: unknown): void {
  try {
    uni.setStorageSync(`weike.${key}`, value)
  } catch {
    // Private windows refuse storage; the shop works without.
  }
}

export function forget(key: string): void {
  try {
    uni.removeStorageSync(`weike.${key}`)
  } catch {
    // As above.
  }
}
