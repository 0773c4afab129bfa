import { club } from './club'
import { care } from './care'
import { common } from './common'
import { door } from './door'
import { freight } from './freight'
import { orders } from './orders'
import { overview } from './overview'
import { products } from './products'
import { settings } from './settings'
import { sharing } from './sharing'

export const catalogue = { ...common, ...club, ...door, ...overview, ...products, ...orders, ...sharing, ...settings, ...freight, ...care }
export type TextKey = keyof typeof catalogue
