// Forms that ask a question send themselves as soon as a field changes.

export function upgradeForms(root: ParentNode): void {
  root.querySelectorAll<HTMLFormElement>("form[data-auto]").forEach((form) => {
    form.addEventListener("change", (event) => {
      if (!(event.target as HTMLElement).matches("[data-still]")) form.requestSubmit();
    });
    form.addEventListener("formdata", (event) => {
      for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
    });
  });
}
