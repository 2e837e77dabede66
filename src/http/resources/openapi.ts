import { json } from '../json.ts';
import { apiDocument } from '../openapi/document.ts';
import type { Handler } from '../resource.ts';

/** GET of the document of the API, for programs. */
export const getOpenApi: Handler = () => json(apiDocument);
