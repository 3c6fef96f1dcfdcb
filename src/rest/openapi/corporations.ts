import { listArguments } from '../../corporations/input.js';
import { InvalidInputError, NotFoundError } from '../../errors.js';
import { listParameters } from '../corporations.js';
import { toWireCorporation } from '../wire.js';
import { limitOutOfRange } from './customers.js';
import { corporation, corporationReply } from './examples.js';
import { ofBodies, ofWrites, operation } from './operation.js';
import { headerParameter, idParameter, queryParameters } from './parameters.js';
import { reference } from './reference.js';
import { reply } from './responses.js';
import { toSchema } from './schema.js';

/** The paths of corporations. */
export function corporationPaths({ pageLimit }: { pageLimit: number }) {
  const body = { legal_name: corporation.legalName, jurisdiction: corporation.jurisdiction };

  return {
    '/corporations': {
      get: operation({
        id: 'listCorporations',
        tag: 'Corporations',
        summary: 'List corporations',
        description: 'Those that the token reaches, page by page, the newest first.',
        parameters: queryParameters(listParameters, toSchema(listArguments(pageLimit))),
        replies: {
          200: reply('A page of the list.', [], {
            schema: reference('schemas', 'CorporationList'),
            examples: {
              'the only page': {
                data: {
                  corporations: [toWireCorporation(corporation)],
                  total_corporations: 1,
                  cursor: null,
                },
                message: 'Successfully fetched corporations.',
              },
            },
          }),
        },
        errors: ['INVALID_INPUT'],
        errorExamples: { INVALID_INPUT: limitOutOfRange(pageLimit) },
        sample: { method: 'GET', path: '/corporations' },
      }),
      post: operation({
        id: 'createCorporation',
        tag: 'Corporations',
        summary: 'Create a corporation',
        description: 'This needs a token for all corporations.',
        parameters: [headerParameter('IdempotencyKey')],
        body: {
          schema: reference('schemas', 'CreateCorporation'),
          examples: { 'a corporation': body },
        },
        replies: {
          201: reply(
            'The corporation was created, or was by an earlier call with the same idempotency key.',
            ['Location', 'Idempotent-Replayed'],
            {
              schema: reference('schemas', 'CorporationReply'),
              examples: { created: corporationReply('Successfully created corporation.') },
            },
          ),
        },
        errors: [...ofWrites, ...ofBodies],
        errorExamples: { INVALID_INPUT: noCountry },
        sample: { method: 'POST', path: '/corporations', body },
      }),
    },
    '/corporations/{id}': {
      get: operation({
        id: 'getCorporation',
        tag: 'Corporations',
        summary: 'Get a corporation',
        description: 'By its id.',
        parameters: [idParameter('The corporation.', { type: 'string' }, corporation.id)],
        replies: {
          200: reply('The corporation.', [], {
            schema: reference('schemas', 'CorporationReply'),
            examples: { found: corporationReply('Successfully fetched corporation.') },
          }),
        },
        errors: ['NOT_FOUND'],
        errorExamples: { NOT_FOUND: new NotFoundError('There is no such corporation.') },
        sample: { method: 'GET', path: `/corporations/${corporation.id}` },
      }),
    },
  };
}

const noCountry = new InvalidInputError([
  {
    path: ['input', 'jurisdiction'],
    code: 'INVALID_COUNTRY',
    message: 'must be an ISO 3166-1 alpha-2 country code, such as US',
  },
]);
