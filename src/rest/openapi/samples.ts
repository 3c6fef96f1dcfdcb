/** A call as it may look in code. */
export type Sample = {
  method: string;
  /** With the query. */
  path: string;
  headers?: Record<string, string>;
  /** Whether it is sent with an idempotency key. */
  retry?: true;
  body?: object;
};

/**
 * The call with nothing but what comes with curl, JavaScript and Python. The address of the service and the
 * token are taken from the environment, as the variables URL and TOKEN.
 */
export function samplesOf(sample: Sample) {
  return [
    { lang: 'Shell', label: 'curl', source: curl(sample) },
    { lang: 'JavaScript', label: 'fetch', source: javaScript(sample) },
    { lang: 'Python', label: 'Python', source: python(sample) },
  ];
}

function curl({ method, path, headers, retry, body }: Sample): string {
  const isPlain = method === (body ? 'POST' : 'GET');
  return [
    `curl ${isPlain ? '' : `-X ${method} `}"$URL${path}"`,
    `  -H "Authorization: Bearer $TOKEN"`,
    ...Object.entries(allHeaders(headers, body)).map(([name, value]) => `  -H '${name}: ${value}'`),
    ...(retry ? ['  -H "Idempotency-Key: $(uuidgen)"'] : []),
    ...(body ? [`  -d '${indented(body, 2)}'`] : []),
  ].join(' \\\n');
}

function javaScript({ method, path, headers, retry, body }: Sample): string {
  const named = Object.entries(allHeaders(headers, body));
  return [
    `const response = await fetch(\`\${process.env.URL}${path}\`, {`,
    ...(method === 'GET' ? [] : [`  method: '${method}',`]),
    '  headers: {',
    `    Authorization: \`Bearer \${process.env.TOKEN}\`,`,
    ...named.map(([name, value]) => `    '${name}': '${value}',`),
    ...(retry ? ["    'Idempotency-Key': crypto.randomUUID(),"] : []),
    '  },',
    ...(body ? [`  body: JSON.stringify(${indented(body, 2)}),`] : []),
    '});',
    method === 'DELETE'
      ? 'console.log(response.status);'
      : 'console.log(response.status, await response.json());',
  ].join('\n');
}

function python({ method, path, headers, retry, body }: Sample): string {
  const named = Object.entries(allHeaders(headers, body));
  return [
    ...(body ? ['import json'] : []),
    'import os',
    'import urllib.request',
    ...(retry ? ['import uuid'] : []),
    '',
    'request = urllib.request.Request(',
    `    os.environ["URL"] + "${path}",`,
    `    method="${method}",`,
    '    headers={',
    '        "Authorization": f"Bearer {os.environ[\'TOKEN\']}",',
    ...named.map(([name, value]) => `        "${name}": ${JSON.stringify(value)},`),
    ...(retry ? ['        "Idempotency-Key": str(uuid.uuid4()),'] : []),
    '    },',
    ...(body ? [`    data=json.dumps(${pythonOf(body)}).encode(),`] : []),
    ')',
    'with urllib.request.urlopen(request) as response:',
    '    print(response.status, response.read().decode())',
  ].join('\n');
}

function allHeaders(headers: Record<string, string> = {}, body?: object): Record<string, string> {
  return { ...(body && { 'Content-Type': 'application/json' }), ...headers };
}

function indented(value: object, by: number): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${' '.repeat(by)}`);
}

/** JSON is Python too, but for the names of what is no text and no number. */
function pythonOf(body: object): string {
  return JSON.stringify(body, null, 4)
    .replace(
      /: (null|true|false)(?=,?$)/gm,
      (_, name: 'null' | 'true' | 'false') =>
        ({ null: ': None', true: ': True', false: ': False' })[name],
    )
    .replaceAll('\n', '\n    ');
}
