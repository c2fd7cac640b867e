/** What repositories prove themselves with: SSH host keys, and TLS certificates that are trusted besides the usual ones. */
import { Flag, Text, Type } from '../../model/schema.ts'
import { body, fields } from '../body.ts'
import { listOf, query } from '../named.ts'
import { route } from '../route.ts'

/** `certData` is base64. */
const certificate = { serverName: Text, certType: Text, certSubType: Text, certData: Text, certInfo: Text }
const Certificates = listOf('v1alpha1RepositoryCertificateList', fields('v1alpha1RepositoryCertificate', certificate))
const Given = body('v1alpha1RepositoryCertificateListGiven', {
  items: Type.Array(body('v1alpha1RepositoryCertificateGiven', certificate)),
})
const selection = { hostNamePattern: Text, certType: Text, certSubType: Text }

export const certificates = {
  list: route({
    id: 'certificates.list',
    method: 'GET',
    path: '/api/v1/certificates',
    summary: 'The known host keys and certificates',
    permission: 'certificates:get',
    query: query(selection),
    answer: Certificates,
  }),
  create: route({
    id: 'certificates.create',
    method: 'POST',
    path: '/api/v1/certificates',
    summary: 'Add host keys and certificates; with `upsert`, in the place of those that are there',
    permission: 'certificates:create',
    query: query({ upsert: Flag }),
    body: Given,
    answer: Certificates,
  }),
  delete: route({
    id: 'certificates.delete',
    method: 'DELETE',
    path: '/api/v1/certificates',
    summary: 'Remove what the selection names',
    permission: 'certificates:delete',
    query: query(selection),
    answer: Certificates,
  }),
}
