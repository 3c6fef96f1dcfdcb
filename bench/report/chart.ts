import { median } from '../lib/stats.js';
import type { Measurement } from './results.js';

const width = 860;
const labelWidth = 290;
const barWidth = 440;
const rowHeight = 30;
const top = 56;
const margin = 20;

/** Creates a second as horizontal bars, with a whisker from the slowest to the fastest round. */
export function chart(measurements: readonly Measurement[], subtitle: string): string {
  const bars = measurements
    .filter(({ section, name }) => section === 'create' && !name.startsWith('Raw'))
    .map(({ name, values }) => ({
      name,
      value: median(values),
      least: Math.min(...values),
      most: Math.max(...values),
    }))
    .sort((a, b) => b.value - a.value);
  const most = Math.max(...bars.map((bar) => bar.most));
  const x = (value: number) => labelWidth + (value / most) * barWidth;
  const height = top + bars.length * rowHeight + margin;

  const rows = bars.map(({ name, value, least, most }, row) => {
    const y = top + row * rowHeight;
    const middle = y + rowHeight / 2 - 3;
    const kind = name.startsWith('Clientele') ? 'own' : name.startsWith('Floor') ? 'floor' : 'peer';
    return `
  <text class="name" x="${labelWidth - 10}" y="${middle + 4}">${escaped(name)}</text>
  <rect class="${kind}" x="${labelWidth}" y="${y}" width="${fixed(x(value) - labelWidth)}" height="${rowHeight - 8}" rx="2"/>
  <path class="range" d="M${fixed(x(least))} ${middle}H${fixed(x(most))}"/>
  <text x="${fixed(x(most) + 8)}" y="${middle + 4}">${Math.round(value).toLocaleString('en')}</text>`;
  });

  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Durable creates per second">
  <style>
    text { font: 13px system-ui, sans-serif; fill: #1f2933; }
    .title { font-size: 16px; font-weight: 600; }
    .subtitle { fill: #616e7c; }
    .name { text-anchor: end; }
    .own { fill: #0f766e; }
    .peer { fill: #9aa5b1; }
    .floor { fill: #dde3e8; }
    .range { stroke: #1f2933; stroke-width: 1.5; }
  </style>
  <rect width="100%" height="100%" fill="#fff"/>
  <text class="title" x="${margin}" y="24">Durable creates per second</text>
  <text class="subtitle" x="${margin}" y="44">${escaped(subtitle)}</text>${rows.join('')}
</svg>
`;
}

function fixed(value: number): string {
  return value.toFixed(1);
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
