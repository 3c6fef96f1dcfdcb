export type { Corporation } from '../storage/storage.js';
