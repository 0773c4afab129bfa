import { createRouter, createWebHistory } from 'vue-router'
import { t, type TextKey } from '@/i18n'
import { pages } from '@/pages'
import { useSession } from '@/stores/session'

declare module 'vue-router' {
  interface RouteMeta {
    title?: TextKey
    right?: string
    parent?: string
    /** Seen without signing in. */
    open?: boolean
  }
}

export const router = createRouter({
  history: createWebHistory(import.meta.env.BASE_URL),
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  routes: [
    { path: '/sign-in', name: 'sign-in', meta: { title: 'nav.sign_in', open: true }, component: () => import('@/pages/sign-in/SignInPage.vue') },
    { path: '/sign-up', name: 'sign-up', meta: { title: 'nav.sign_up', open: true }, component: () => import('@/pages/sign-in/SignUpPage.vue') },
    {
      path: '/', component: () => import('@/layout/ConsoleLayout.vue'),
      children: [
        ...pages.map((p) => ({ path: p.path, name: p.name, meta: { title: p.title, right: p.right, parent: p.parent }, component: p.load as () => Promise<never> })),
        { path: '/:rest(.*)*', name: 'missing', meta: { title: 'nav.missing' as TextKey }, component: () => import('@/pages/MissingPage.vue') },
      ],
    },
  ],
})

router.beforeEach((to) => {
  const session = useSession()
  if (to.meta.open) return session.signedIn && to.name === 'sign-in' ? { name: 'overview' } : true
  if (!session.signedIn) return { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
  return true
})

router.afterEach((to) => {
  document.title = to.meta.title ? `${t(to.meta.title)} · ${t('app.name')}` : t('app.name')
})
