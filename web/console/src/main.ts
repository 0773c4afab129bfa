import { createApp } from 'vue'
import { createPinia } from 'pinia'
import 'element-plus/theme-chalk/dark/css-vars.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/element.css'
import App from './App.vue'
import { whenSignedOut } from './api/http'
import { router } from './router'
import { useSession } from './stores/session'

const app = createApp(App).use(createPinia())
const session = useSession()

whenSignedOut(() => {
  if (!session.signedIn) return
  session.forget()
  const at = router.currentRoute.value
  void router.push({ name: 'sign-in', query: { ended: '1', ...(at.meta.open ? {} : { next: at.fullPath }) } })
})

app.use(router).mount('#app')
