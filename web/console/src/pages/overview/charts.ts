// The overview's pictures as values: data and colours in, an ECharts option out.
import type { EChartsCoreOption } from 'echarts/core'
import type { Dashboard, GraphData } from '@/api/shop'
import { t } from '@/i18n'
import { formatCount, formatMoney, shortMoney, shortNumber } from '@/lib/money'

export interface Inks { ink: string; faint: string; line: string; card: string; brand: string; series: string[] }

export const inks = (dark: boolean): Inks =>
  dark
    ? { ink: '#ddd2c8', faint: '#a99b8f', line: '#322a25', card: '#211c19', brand: '#ff8f54', series: ['#ff8f54', '#57c0b6', '#f7b860', '#b99ae6', '#e8738a', '#8fb573'] }
    : { ink: '#453a32', faint: '#74675d', line: '#f0eae3', card: '#ffffff', brand: '#d2500f', series: ['#d2500f', '#2a8f87', '#f0a03a', '#8a68c4', '#d75f78', '#7a9f56'] }

const font = '-apple-system,"PingFang SC","Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif'
const tip = (c: Inks) => ({ backgroundColor: c.card, borderColor: c.line, textStyle: { color: c.ink, fontSize: 12 }, extraCssText: 'box-shadow:0 6px 24px rgba(74,45,20,.16);border-radius:8px' })

export function trendOption(trend: Dashboard['trend'], c: Inks, locale: string): EChartsCoreOption {
  return {
    color: [c.brand, c.series[2], c.series[1]], textStyle: { fontFamily: font }, animationDuration: 500,
    tooltip: { ...tip(c), trigger: 'axis', valueFormatter: undefined },
    legend: { right: 0, top: 0, icon: 'roundRect', itemWidth: 12, itemHeight: 4, textStyle: { color: c.ink } },
    grid: { left: 4, right: 4, top: 38, bottom: 0, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: { type: 'category', data: trend.map((d) => d.day.slice(5)), axisTick: { show: false }, axisLine: { lineStyle: { color: c.line } }, axisLabel: { color: c.faint } },
    yAxis: [
      { type: 'value', splitNumber: 4, splitLine: { lineStyle: { color: c.line } }, axisLabel: { color: c.faint, formatter: (v: number) => shortMoney(v, locale) } },
      { type: 'value', splitNumber: 4, splitLine: { show: false }, axisLabel: { color: c.faint, formatter: (v: number) => shortNumber(v, locale) } },
    ],
    series: [
      { name: t('chart.paid'), type: 'line', smooth: 0.3, smoothMonotone: 'x', showSymbol: false, symbolSize: 7, data: trend.map((d) => d.paid_minor), lineStyle: { width: 2.6 }, areaStyle: { color: { type: 'linear', x: 0, y: 0, x2: 0, y2: 1, colorStops: [{ offset: 0, color: `${c.brand}38` }, { offset: 1, color: `${c.brand}03` }] } }, tooltip: { valueFormatter: (v: number) => formatMoney(v) }, z: 3 },
      { name: t('chart.visitors'), type: 'line', smooth: 0.3, smoothMonotone: 'x', showSymbol: false, symbolSize: 7, yAxisIndex: 1, data: trend.map((d) => d.visitors), lineStyle: { width: 1.8, type: 'dashed' }, tooltip: { valueFormatter: (v: number) => formatCount(v) } },
      { name: t('chart.orders'), type: 'bar', yAxisIndex: 1, barMaxWidth: 14, itemStyle: { borderRadius: [4, 4, 0, 0], opacity: 0.55 }, data: trend.map((d) => d.orders), tooltip: { valueFormatter: (v: number) => formatCount(v) }, z: 1 },
    ],
  }
}

export function channelOption(channels: Dashboard['channels'], c: Inks, name: (key: string, title: string) => string): EChartsCoreOption {
  const total = channels.reduce((s, x) => s + x.paid_minor, 0)
  return {
    color: c.series, textStyle: { fontFamily: font }, animationDuration: 500,
    tooltip: { ...tip(c), trigger: 'item', formatter: (p: { marker: string; name: string; value: number; percent: number }) => `${p.marker}${p.name}<br><b>${formatMoney(p.value)}</b> · ${p.percent}%` },
    title: { show: false },
    series: [{
      type: 'pie', radius: ['62%', '86%'], center: ['50%', '50%'], padAngle: 2, itemStyle: { borderRadius: 5 },
      label: { show: true, position: 'center', formatter: () => `{a|${t('chart.total')}}\n{b|${formatMoney(total)}}`, rich: { a: { color: c.faint, fontSize: 12, lineHeight: 20 }, b: { color: c.ink, fontSize: 17, fontWeight: 600, lineHeight: 24 } } },
      labelLine: { show: false }, emphasis: { scaleSize: 4 },
      data: channels.map((x) => ({ name: name(x.channel, x.title), value: x.paid_minor })),
    }],
  }
}

/** Rings around the shop, each branch given the angle its leaves need: the same data draws the same picture. */
export function graphOption(graph: GraphData, c: Inks): EChartsCoreOption {
  const children = new Map<string, string[]>()
  const hasParent = new Set<string>()
  for (const l of graph.links) {
    if (hasParent.has(l.target)) continue
    hasParent.add(l.target)
    children.set(l.source, [...(children.get(l.source) ?? []), l.target])
  }
  const byId = new Map(graph.nodes.map((n) => [n.id, n]))
  const roots = graph.nodes.filter((n) => !hasParent.has(n.id))
  const seen = new Set<string>()
  const leaves = (id: string): number => {
    const below = children.get(id) ?? []
    const sum = below.reduce((s, x) => s + leaves(x), 0)
    // A promoter with one buyer still needs the room of its name.
    return byId.get(id)?.kind === 'promoter' ? Math.max(sum, 2.6) : Math.max(sum, 1)
  }
  const placed: { id: string; x: number; y: number; side: 'left' | 'right' | 'top' | 'bottom' }[] = []
  const place = (id: string, depth: number, from: number, to: number): void => {
    if (seen.has(id)) return
    seen.add(id)
    const angle = (from + to) / 2
    const r = depth * 70
    const across = Math.cos(angle)
    const side = Math.abs(across) > 0.42 ? (across > 0 ? 'right' : 'left') : Math.sin(angle) > 0 ? 'bottom' : 'top'
    placed.push({ id, side, x: r * Math.cos(angle) * 1.75, y: r * Math.sin(angle) })
    const below = children.get(id) ?? []
    const all = below.reduce((s, x) => s + leaves(x), 0) || 1
    let at = from
    for (const b of below) {
      const width = ((to - from) * leaves(b)) / all
      place(b, depth + 1, at, at + width)
      at += width
    }
  }
  const main = roots.find((r) => r.kind === 'shop') ?? roots[0]
  if (main) place(main.id, 0, -Math.PI / 2, Math.PI * 1.5)
  roots.filter((r) => r !== main).forEach((r, i, list) => place(r.id, 1, (i / list.length) * Math.PI * 2, ((i + 1) / list.length) * Math.PI * 2))
  const kinds = ['shop', 'promoter', 'buyer'] as const
  const sizes = { shop: 42, promoter: 20, buyer: 8 }
  const most = Math.max(1, ...graph.nodes.filter((n) => n.kind === 'promoter').map((n) => n.size))
  return {
    color: [c.brand, c.series[1], c.series[2]], textStyle: { fontFamily: font }, animation: false,
    tooltip: { ...tip(c) },
    legend: { bottom: 0, icon: 'circle', itemWidth: 8, itemHeight: 8, textStyle: { color: c.ink }, data: kinds.map((k) => t(`chart.kind_${k}`)) },
    series: [{
      type: 'graph', layout: 'none', roam: false, preserveAspect: true, left: 30, right: 30, top: 12, bottom: 38,
      categories: kinds.map((k) => ({ name: t(`chart.kind_${k}`) })),
      lineStyle: { color: c.faint, opacity: 0.35, curveness: 0.08 }, emphasis: { focus: 'adjacency' },
      labelLayout: { hideOverlap: true },
      label: { color: c.ink, fontSize: 11, textBorderColor: c.card, textBorderWidth: 2 },
      data: placed.map((p) => {
        const n = byId.get(p.id)!
        const kind = kinds.find((k) => k === n.kind) ?? 'buyer'
        const grown = kind === 'promoter' ? sizes.promoter * (0.65 + 0.75 * Math.sqrt(n.size / most)) : sizes[kind]
        return { id: n.id, name: n.name, x: p.x, y: p.y, category: kinds.indexOf(kind), symbolSize: grown, label: { show: n.kind !== 'buyer', position: p.side, ...(n.kind === 'shop' ? { position: 'inside', color: '#fff', fontWeight: 600, textBorderWidth: 0, formatter: [...n.name].slice(0, 2).join('') } : {}) } }
      }),
      links: graph.links.filter((l) => seen.has(l.source) && seen.has(l.target)),
    }],
  }
}
