export type { Address, Customer } from '../storage/storage.js';
