import { afterSales } from './after-sales'
import { audit } from './audit'
import { club } from './club'
import { care } from './care'
import { common } from './common'
import { door } from './door'
import { freight } from './freight'
import { fulfilment } from './fulfilment'
import { orders } from './orders'
import { overview } from './overview'
import { paying } from './paying'
import { products } from './products'
import { reconciliation } from './reconciliation'
import { settings } from './settings'
import { sharing } from './sharing'

export const catalogue = { ...common, ...afterSales, ...club, ...door, ...overview, ...products, ...orders, ...fulfilment, ...sharing, ...settings, ...paying, ...freight, ...care, ...reconciliation, ...audit }
export type TextKey = keyof typeof catalogue
