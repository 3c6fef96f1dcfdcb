/**
 * Starts GraphiQL with the options that stand in the page. Run before Yoga's GraphiQL is loaded, which
 * looks at `MonacoEnvironment` then.
 */

/** An operation, and the name of the example that it is; none for one of the user's own. */
type Example = { name?: string; query: string; variables?: string };

/** A tab as GraphiQL keeps it. */
type Tab = Example & Record<'id' | 'title' | 'operationName' | 'hash' | 'headers', string | null>;
type TabState = { tabs: Tab[]; activeTabIndex: number };

type Headers = Record<string, string>;
type Variables = { input?: { id?: string } };
type GraphqlRequest = { query: string; variables?: Variables; operationName?: string | null };
type Answer = {
  hint?: string;
  data?: unknown;
  errors?: { message: string; extensions?: { code: string } }[];
};

type TextModel = { uri: { path: string }; getValue(): string; setValue(text: string): void };
type Editor = { updateOptions(options: { wordWrap: 'on' }): void };

declare const monaco: {
  editor: { getModels(): TextModel[]; onDidCreateEditor(listener: (editor: Editor) => void): void };
};
declare const YogaGraphiQL: { renderYogaGraphiQL(root: Element | null, options: object): void };

const inPage = JSON.parse(document.getElementById('options')?.textContent ?? '');
const workers: Record<string, string> = inPage.workers;
const { endpoint, reloadHint, ...options } = inPage.options;
const defaultTabs: Example[] = inPage.options.defaultTabs;
const exampleCustomer: { tab: string; request: GraphqlRequest } = inPage.options.exampleCustomer;

Object.assign(self, {
  MonacoEnvironment: {
    // From out here the text of an editor can be set through monaco alone.
    globalAPI: true,
    getWorkerUrl: (_module: string, label: string) => workers[label],
  },
});

// Other programs show a GraphiQL on localhost too, and all keep their tabs under the same names.
const prefix = 'clientele:';
const ownKeys = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix));
const storage = {
  get length() {
    return ownKeys().length;
  },
  getItem: (key: string) => localStorage.getItem(prefix + key),
  setItem: (key: string, value: string) => localStorage.setItem(prefix + key, value),
  removeItem: (key: string) => localStorage.removeItem(prefix + key),
  clear() {
    for (const key of ownKeys()) localStorage.removeItem(key);
  },
};

const read = <Value>(key: string): Value | null => JSON.parse(storage.getItem(key) ?? 'null');
const write = (key: string, value: unknown) => storage.setItem(key, JSON.stringify(value));
const storedTabs = 'graphiql:tabState';
const storedDefaults = 'defaultTabs';
const defaultsThen = () => read<Example[]>(storedDefaults) ?? [];

const stored = read<TabState>(storedTabs);
const tabs: Example[] = stored?.tabs ?? [...defaultTabs];
const active = tabs[stored?.activeTabIndex ?? 0] ?? { query: '' };
// GraphiQL keeps the query of the tab that is shown in the address, which can be passed on too.
const linked = new URL(location.href).searchParams.get('query') ?? active.query;
const shown = [active, ...tabs].find(({ query }) => query === linked) ?? { query: linked };

if (stored) {
  renew(stored.tabs, defaultsThen());
  write(storedTabs, stored);
} else if (shown !== active) {
  // It opens with the first.
  defaultTabs.splice(0, defaultTabs.length, shown, ...tabs.filter((tab) => tab !== shown));
}
write(
  storedDefaults,
  defaultTabs.filter(({ name }) => name),
);

/** Makes tabs that nobody changed what they are now, and adds those that were not there before. */
function renew(tabs: Tab[], before: Example[]): void {
  for (const tab of tabs) {
    const old = before.find((old) => old.query === tab.query && old.variables === tab.variables);
    const now = defaultTabs.find(({ name }) => name === old?.name);
    if (now) Object.assign(tab, { query: now.query, variables: now.variables });
  }
  for (const { name = '', ...example } of defaultTabs) {
    const known = before.some((old) => old.name === name);
    if (known || tabs.some(({ query }) => query === example.query)) continue;
    // With fewer fields GraphiQL takes all that is stored for broken, and forgets it.
    const empty = { hash: null, headers: null, response: null };
    tabs.push({ id: `clientele-${name}`, title: name, operationName: name, ...example, ...empty });
  }
}

async function send(request: GraphqlRequest, headers: Headers | undefined): Promise<Answer> {
  const address = new URL(endpoint, location.href);
  let response: Response;
  try {
    response = await fetch(address, {
      method: 'POST',
      headers: { Accept: 'application/json', 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(request),
    });
  } catch (error) {
    return failed(`No answer from ${address} (${error}). Is Clientele running?`);
  }
  try {
    const answer: Answer = await response.json();
    const refused = answer.errors?.[0]?.extensions?.code === 'UNAUTHENTICATED';
    return refused && reloadHint ? { hint: reloadHint, ...answer } : answer;
  } catch {
    return failed(`${address} answered ${response.status} and no JSON.`);
  }
}

const failed = (message: string): Answer => ({ errors: [{ message }] });

async function fetcher(
  { query, variables, operationName }: GraphqlRequest,
  { headers }: { headers?: Headers } = {},
): Promise<Answer> {
  // For a moment after a change of tabs GraphiQL names the operation of the tab before.
  const named = new RegExp(`(query|mutation)\\s+${operationName}\\b`).test(query);
  const request = { query, variables, ...(named && { operationName }) } as GraphqlRequest;
  if (!query.includes(`mutation ${exampleCustomer.tab}`) || variables?.input?.id !== '') {
    return send(request, headers);
  }
  const example = await send(exampleCustomer.request, headers);
  const data = example.data as { upsertCustomer?: { customer?: { id: string } } } | undefined;
  const id = data?.upsertCustomer?.customer?.id;
  if (!id) return example;
  fillIn(id);
  return send({ ...request, variables: { input: { ...variables.input, id } } }, headers);
}

/** Puts the id where Variables of the tab have a blank one. */
function fillIn(id: string): void {
  const withId = (text: string) => text.replace(/("id"\s*:\s*)""/, `$1"${id}"`);
  const text = textOf('variables');
  text?.setValue(withId(text.getValue()));
  const defaults = defaultsThen();
  const tab = defaults.find(({ name }) => name === exampleCustomer.tab);
  if (tab) tab.variables = withId(tab.variables ?? '');
  write(storedDefaults, defaults);
}

/** What stands in one of the two editors below the operation. */
function textOf(name: 'variables' | 'request-headers'): TextModel | undefined {
  return monaco.editor.getModels().find(({ uri }) => uri.path.endsWith(`${name}.json`));
}

let from = stored?.activeTabIndex ?? 0;
let lastHeaders: string = options.headers;

/** A token that was put in by hand holds for the other tabs too, and is stored nowhere. */
function onTabChange({ tabs, activeTabIndex }: TabState): void {
  const headers = textOf('request-headers');
  if (activeTabIndex !== from && headers?.getValue() === options.headers) {
    headers?.setValue(lastHeaders);
  }
  from = activeTabIndex;
  lastHeaders = tabs[activeTabIndex]?.headers ?? lastHeaders;
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
