#!/bin/sh
# Puts the secrets of one city into its vault. What is there already stays, so it can be run again:
#   sh infra/put-secrets.sh VAULT            makes our own keys, asks for the providers' secrets without showing them
#   sh infra/put-secrets.sh VAULT --check    only says what is missing
#   sh infra/put-secrets.sh VAULT --replace WhatsApp__AccessToken     a new version of one
# Needs az, signed in as a member of the vault's group, and openssl.
set -eu
vault=${1:?which vault?}
mode=${2:-}
here=$(cd "$(dirname "$0")" && pwd)

# The list is the templates' own.
settings=$(sed -n '/^var vaultSettings = \[/,/^\]/p' "$here/names.bicep" | sed -n "s/^  '\(.*\)'$/\1/p")
ours=" EventGrid__WebhookSecret Links__SigningKey Privacy__PhoneHashKey WhatsApp__VerifyToken Email__InboundSecret Messenger__VerifyToken "

name_of() { printf %s "$1" | sed 's/__/--/g'; }
exists() { az keyvault secret show --vault-name "$vault" --name "$(name_of "$1")" --query id -o tsv >/dev/null 2>&1; }

put() {
  file=$(mktemp)
  trap 'rm -f "$file"; stty echo 2>/dev/null || true' EXIT INT TERM
  case "$ours" in
    *" $1 "*) openssl rand -hex 32 | tr -d '\n' >"$file" ;;
    *)
      printf '%s: ' "$1"
      stty -echo 2>/dev/null || true
      IFS= read -r value
      stty echo 2>/dev/null || true
      echo
      printf %s "$value" >"$file"
      ;;
  esac
  # By file, so that no value stands in a process list or a shell's history.
  az keyvault secret set --vault-name "$vault" --name "$(name_of "$1")" --file "$file" --encoding utf-8 -o none
  rm -f "$file"
  echo "$1 is put."
}

case "$mode" in
  --check)
    missing=0
    for setting in $settings; do
      exists "$setting" || { echo "missing in $vault: $(name_of "$setting")"; missing=1; }
    done
    [ "$missing" = 0 ] || echo "Run: sh infra/put-secrets.sh $vault   (the app does not start before)"
    ;;
  --replace) put "${3:?which setting?}" ;;
  *) for setting in $settings; do exists "$setting" || put "$setting"; done ;;
esac
