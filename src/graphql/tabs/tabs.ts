import { conflictTab } from './conflict.js';
import { createCustomerTab } from './createCustomer.js';
import { invalidInputTab } from './invalidInput.js';
import { pagingTab } from './paging.js';
import { safeRetryTab } from './safeRetry.js';
import { searchTab } from './search.js';
import type { Tab, TabValues } from './tab.js';
import { updateCustomerTab } from './updateCustomer.js';

/** What GraphiQL opens with. Each runs by itself, in any order and again, also on an empty database. */
export function exampleTabs(values: TabValues): Tab[] {
  return [
    createCustomerTab(values),
    invalidInputTab(values),
    conflictTab(values),
    safeRetryTab(values),
    updateCustomerTab(),
    pagingTab(values),
    searchTab(values),
  ];
}
