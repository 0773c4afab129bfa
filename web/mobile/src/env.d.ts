/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Where the API is. Empty in H5 (same origin); a full https address in the mini-program. */
  readonly VITE_API_BASE?: string
  /** The shop a mini-program belongs to. H5 reads `?shop=`. */
  readonly VITE_SHOP?: string
}

declare module '*.vue' {
  import type { DefineComponent } from 'vue'
  const component: DefineComponent<object, object, unknown>
  export default component
}
