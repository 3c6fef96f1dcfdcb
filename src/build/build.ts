import { buildAssets } from './assets.js';
import { bundle } from './bundle.js';

await Promise.all([bundle(), buildAssets()]);
