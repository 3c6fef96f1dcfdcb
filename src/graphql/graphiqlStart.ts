/**
 * Run in the browser, before Yoga's GraphiQL is loaded, which looks at `MonacoEnvironment` then:
 * starts it with the options that stand in the page.
 */
export const start = `
const { options: given, workers } = JSON.parse(document.getElementById('options').textContent);
const { defaultTabs, exampleCustomer, reloadHint, endpoint, ...options } = given;
// From out here the text of an editor can be set through monaco alone.
self.MonacoEnvironment = { globalAPI: true, getWorkerUrl: (_module, label) => workers[label] };

// Other programs show a GraphiQL on localhost too, and all keep their tabs under the same names.
const keyOf = (key) => 'clientele:' + key;
const storage = {
  get length() {
    return Object.keys(localStorage).filter((key) => key.startsWith(keyOf(''))).length;
  },
  getItem: (key) => localStorage.getItem(keyOf(key)),
  setItem: (key, value) => localStorage.setItem(keyOf(key), value),
  removeItem: (key) => localStorage.removeItem(keyOf(key)),
  clear() {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(keyOf(''))) localStorage.removeItem(key);
    }
  },
};
const storedTabs = 'graphiql:tabState';
const storedDefaults = 'defaultTabs';
const read = (key) => JSON.parse(storage.getItem(key));
const write = (key, value) => storage.setItem(key, JSON.stringify(value));
const textOf = (name) =>
  monaco.editor.getModels().find(({ uri }) => uri.path.endsWith(name + '.json'));

/** Makes tabs that nobody changed what they are now, and adds those that were not there before. */
function renew(tabs, before) {
  for (const tab of tabs) {
    const old = before.find((old) => old.query === tab.query && old.variables === tab.variables);
    const now = defaultTabs.find(({ name }) => name === old?.name);
    if (now) Object.assign(tab, { query: now.query, variables: now.variables });
  }
  for (const { name, query, variables } of defaultTabs) {
    if (before.some((old) => old.name === name) || tabs.some((tab) => tab.query === query)) continue;
    // With fewer fields GraphiQL takes all that is stored for broken, and forgets it.
    const empty = { hash: null, headers: null, response: null };
    tabs.push({ id: 'clientele-' + name, title: name, operationName: name, query, variables, ...empty });
  }
}

const stored = read(storedTabs);
const tabs = stored?.tabs ?? [...defaultTabs];
const active = tabs[stored?.activeTabIndex ?? 0];
// GraphiQL keeps the query of the tab that is shown in the address, which can be passed on too.
const linked = new URL(location.href).searchParams.get('query') ?? active.query;
const shown = [active, ...tabs].find(({ query }) => query === linked) ?? { query: linked };
if (stored) {
  renew(tabs, read(storedDefaults) ?? []);
  write(storedTabs, stored);
} else if (shown !== active) {
  // It opens with the first.
  defaultTabs.splice(0, Infinity, shown, ...tabs.filter((tab) => tab !== shown));
}
write(storedDefaults, defaultTabs.filter(({ name }) => name));

async function send(request, headers) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { Accept: 'application/json', 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(request),
  }).catch((error) => error);
  const address = new URL(endpoint, location.href);
  if (response instanceof Error) {
    const message = 'No answer from ' + address + ' (' + response.message + '). Is Clientele running?';
    return { errors: [{ message }] };
  }
  const text = await response.text();
  try {
    const answer = JSON.parse(text);
    const refused = answer.errors?.[0]?.extensions?.code === 'UNAUTHENTICATED';
    return refused && reloadHint ? { hint: reloadHint, ...answer } : answer;
  } catch {
    return { errors: [{ message: address + ' answered ' + response.status + ' and no JSON.' }] };
  }
}

async function fetcher({ query, variables, operationName }, { headers } = {}) {
  // For a moment after a change of tabs GraphiQL names the operation of the tab before.
  const named = new RegExp('(query|mutation)\\s+' + operationName + '\\b').test(query);
  const request = { query, variables, ...(named && { operationName }) };
  if (!query.includes('mutation ' + exampleCustomer.tab) || variables?.input?.id !== '') {
    return send(request, headers);
  }
  const example = await send(exampleCustomer.request, headers);
  const id = example.data?.upsertCustomer.customer?.id;
  if (!id) return example;
  fillIn(id);
  return send({ ...request, variables: { input: { ...variables.input, id } } }, headers);
}

function fillIn(id) {
  const withId = (text) => text.replace(/("id"\\s*:\\s*)""/, '$1"' + id + '"');
  const text = textOf('variables');
  text.setValue(withId(text.getValue()));
  const defaults = read(storedDefaults) ?? [];
  const tab = defaults.find(({ name }) => name === exampleCustomer.tab);
  if (tab) tab.variables = withId(tab.variables);
  write(storedDefaults, defaults);
}

let from = stored?.activeTabIndex ?? 0;
let lastHeaders = options.headers;

/** A token that was put in by hand holds for the other tabs too, and is stored nowhere. */
function onTabChange({ tabs, activeTabIndex }) {
  const headers = textOf('request-headers');
  if (activeTabIndex !== from && headers?.getValue() === options.headers) {
    headers.setValue(lastHeaders);
  }
  from = activeTabIndex;
  lastHeaders = tabs[activeTabIndex].headers ?? lastHeaders;
}

// Scripts that are deferred, GraphiQL among them, have run by then.
document.addEventListener('DOMContentLoaded', () => {
  monaco.editor.onDidCreateEditor((editor) => editor.updateOptions({ wordWrap: 'on' }));
  YogaGraphiQL.renderYogaGraphiQL(document.getElementById('root'), {
    ...options,
    storage,
    defaultTabs,
    fetcher,
    onTabChange,
    query: shown.query,
    variables: shown.variables,
  });
});
`;
