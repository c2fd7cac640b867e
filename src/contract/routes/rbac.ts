/** What policies decide, by which line, and what is wrong with them. */
import { Flag, Integer, Text, Texts, Type } from '../../model/schema.ts'
import { fields } from '../body.ts'
import { named } from '../named.ts'
import { route } from '../route.ts'

/** `source`: a key of argocd-rbac-cm, `project <name>, role <name>`, or `built-in`. `number` from 1; 0: it is implied. */
const place = { text: Text, source: Text, number: Integer }

export const rbac = {
  explain: route({
    id: 'rbac.explain',
    method: 'POST',
    path: '/api/v1/rbac/explain',
    summary: 'May somebody do something, and which line of the policies says so; without a subject, the caller',
    permission: 'signed in',
    body: Type.Object({
      /** A user, a role or a group. */
      subject: Type.Optional(Text),
      /** Of the user. */
      groups: Type.Optional(Texts),
      resource: Text,
      action: Text,
      object: Text,
    }),
    answer: named(
      'tiphysRbacExplanation',
      Type.Object({
        allowed: Flag,
        line: Type.Optional(Type.Object(place)),
        /** What the line is about. */
        role: Type.Optional(Text),
        /** Which of those that were asked has it: the default role, the subject or one of the groups. */
        subject: Type.Optional(Text),
      }),
    ),
  }),
  problems: route({
    id: 'rbac.problems',
    method: 'GET',
    path: '/api/v1/rbac/problems',
    summary: 'What is wrong, or probably not meant, in the policies of the installation and of projects',
    permission: 'accounts:get',
    answer: named(
      'tiphysRbacProblems',
      Type.Object({
        items: Type.Array(fields('tiphysRbacProblem', { ...place, message: Text, level: Text })),
        /** Empty: none. */
        defaultRole: Text,
        /** glob or regex. */
        matchMode: Text,
        scopes: Texts,
      }),
    ),
  }),
}
