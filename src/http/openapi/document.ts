/** A JSON schema, as far as the document uses it. */
export type Schema = {
  readonly $ref?: string | undefined;
  readonly type?: string | readonly string[] | undefined;
  readonly description?: string | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly items?: Schema | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
  readonly const?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly pattern?: string | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly maxItems?: number | undefined;
};

export type Parameter = {
  readonly name: string;
  readonly description: string;
  readonly schema: Schema;
  readonly example: unknown;
};

export type Header = { readonly description: string; readonly example: unknown };

/** Bodies by their media type. */
export type Content = Readonly<
  Record<
    string,
    {
      readonly schema: Schema;
      readonly examples: Readonly<Record<string, { readonly summary: string; readonly value: unknown }>>;
    }
  >
>;

/** An answer, or the name of one that several operations have. */
export type Answer = {
  readonly $ref?: string | undefined;
  readonly description?: string | undefined;
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
  readonly content?: Content | undefined;
};

export type Operation = {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string | undefined;
  readonly tags: readonly string[];
  readonly security?: readonly object[] | undefined;
  readonly parameters?: readonly Parameter[] | undefined;
  readonly requestBody?: { readonly description: string; readonly content: Content } | undefined;
  readonly responses: Readonly<Record<string, Answer>>;
};

/** The document of the API (OpenAPI 3.1), as far as its page reads it. */
export type ApiDocument = {
  readonly info: {
    readonly title: string;
    readonly summary: string;
    readonly description: string;
    readonly version: string;
  };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, Answer>>;
    readonly headers: Readonly<Record<string, Header>>;
  };
};
