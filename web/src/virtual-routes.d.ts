/** Made by the build from src/contract: of each route its method and address. */
declare module 'virtual:routes' {
  export const routes: unknown
}
