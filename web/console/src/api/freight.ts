// Freight templates, and what a rule would cost.
import type { Schemas } from '@weike/client'
import { api } from './http'

export type FreightTemplate = Schemas['KeptTemplate']
export type FreightRules = Schemas['FreightRules']
export type Zone = Schemas['Zone']
export type RegionZone = Schemas['RegionZone']

export const listTemplates = () => api.get('/api/console/freight-templates')
export const saveTemplate = (template_id: string, body: Schemas['TemplateAsked']) => api.put('/api/console/freight-templates/{template_id}', { path: { template_id }, body })
export const removeTemplate = (template_id: string) => api.delete('/api/console/freight-templates/{template_id}', { path: { template_id } })
export const freightExample = (body: Schemas['ExampleAsked']) => api.post('/api/console/freight-templates/example', { body })
