// A staff session of this machine: stands where the city's own sign-in stands in Azure.
const roles = ["agent", "dispatcher", "field", "department", "verifier", "satisfaction", "manager", "admin"];
document.getElementById("roles").append(...roles.flatMap((role) => {
  const button = document.createElement("button");
  button.textContent = role;
  button.addEventListener("click", async () => {
    const scope = document.getElementById("scope").value.trim() || null;
    const answer = await fetch("/local/sign-in", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ role, scope, user: role }) });
    if (answer.ok) {
      location.assign("/staff");
    } else {
      document.getElementById("problem").textContent = (await answer.json()).detail ?? answer.statusText;
    }
  });
  return [button, " "];
}));
