import { Decimal } from 'decimal.js';

const FACTORS: Record<string, string> = {
  n: '1e-9',
  u: '1e-6',
  m: '1e-3',
  '': '1',
  k: '1e3',
  M: '1e6',
  G: '1e9',
  T: '1e12',
  P: '1e15',
  E: '1e18',
  Ki: '1024',
  Mi: '1048576',
  Gi: '1073741824',
  Ti: '1099511627776',
  Pi: '1125899906842624',
  Ei: '1152921504606846976',
};

const QUANTITY =
  /^([+-]?\d*\.?\d+|[+-]?\d+\.)(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/;

/**
 * A Kubernetes quantity ("250m", "1.5Gi", "12e3") in its base unit: cores, bytes or a count. Exact: no floating point comes near it.
 *
 * @throws Error for a text that is no quantity.
 */
export function parseQuantity(text: string): Decimal {
  const match = QUANTITY.exec(text.trim());
  if (!match) {
    throw new Error(`"${text}" is not a quantity`);
  }
  const [, number, exponent = '', suffix = ''] = match;
  return new Decimal(`${number}${exponent}`).times(FACTORS[suffix]);
}

/** Cores in Kubernetes' notation: "4" or "3500m". */
export function formatCores(cores: Decimal): string {
  return cores.isInteger()
    ? cores.toFixed()
    : `${cores.times(1000).toDecimalPlaces(0, Decimal.ROUND_UP).toFixed()}m`;
}

/** Bytes in Kubernetes' notation, in the biggest binary unit that is exact: "16Gi", "16316412Ki". */
export function formatBytes(bytes: Decimal): string {
  const unit = ['Gi', 'Mi', 'Ki'].find(name =>
    bytes.mod(FACTORS[name]).isZero(),
  );
  return unit && !bytes.isZero()
    ? `${bytes.div(FACTORS[unit]).toFixed()}${unit}`
    : bytes.toFixed();
}
