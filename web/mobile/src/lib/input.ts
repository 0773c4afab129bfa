/** The text an input event carries; uni-app's types know only the browser's event. */
export const typedText = (event: unknown): string => (event as { detail: { value: string } }).detail.value
