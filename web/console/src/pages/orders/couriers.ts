// The couriers merchants use most, by the codes WeChat's shipping information also uses.
export const couriers = [
  { code: 'SF', zh: '顺丰速运', en: 'SF Express', pattern: /^SF\d{12,13}$/i },
  { code: 'ZTO', zh: '中通快递', en: 'ZTO Express', pattern: /^(7[3-9]\d{12}|6\d{13})$/ },
  { code: 'YTO', zh: '圆通速递', en: 'YTO Express', pattern: /^YT\d{13}$/i },
  { code: 'YD', zh: '韵达速递', en: 'Yunda Express', pattern: /^(4[36]|31|32)\d{13}$/ },
  { code: 'STO', zh: '申通快递', en: 'STO Express', pattern: /^77\d{13}$/ },
  { code: 'JTSD', zh: '极兔速递', en: 'J&T Express', pattern: /^JT\d{13}$/i },
  { code: 'JD', zh: '京东物流', en: 'JD Logistics', pattern: /^JD[A-Z0-9]{11,15}$/i },
  { code: 'EMS', zh: '中国邮政 EMS', en: 'China Post EMS', pattern: /^(E[A-Z]\d{9}CN|1[01]\d{11})$/i },
  { code: 'DBL', zh: '德邦快递', en: 'Deppon', pattern: /^DPK\d{12}$/i },
  { code: 'OTHER', zh: '其他', en: 'Other', pattern: /$^/ },
] as const

/** A guess from the number's shape; the person decides. */
export const guessCourier = (number: string): string | undefined => couriers.find((c) => c.pattern.test(number.trim()))?.code
