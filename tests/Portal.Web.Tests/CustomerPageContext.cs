using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Portal.Contracts.Users;

namespace Portal.Web.Tests;

/// <summary>A page of a customer's portal, seen by an admin or a viewer, beside an API of canned answers.</summary>
public abstract class CustomerPageContext : PageContext
{
    private readonly Dictionary<string, Func<HttpResponseMessage>> answers = [];

    /// <param name="besides">Services of the page under test alone.</param>
    protected CustomerPageContext(Action<IServiceCollection>? besides = null)
        : base(besides)
    {
        Api = Answer;
        SeenBy(Roles.Admin);
    }

    protected NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    /// <summary>What was asked of the API that changes something: method, path, body.</summary>
    protected List<(string Request, JsonElement Body)> Sent { get; } = [];

    /// <summary>The same bodies as they were, whatever their form.</summary>
    protected List<string> Texts { get; } = [];

    protected void SeenBy(string role) => Person.SetAuthorized("somebody@example.com").SetRoles(role);

    /// <param name="request"><c>GET /api/sites</c>; a query is left out.</param>
    protected void On(string request, object? body, HttpStatusCode status = HttpStatusCode.OK) =>
        answers[request] = () => new HttpResponseMessage(status) { Content = body is null ? null : JsonContent.Create(body) };

    /// <summary>A refusal that names a field.</summary>
    protected void Refuse(string request, string field, string error) =>
        On(request, new { title = "No.", errors = new Dictionary<string, string[]> { [field] = [error] } }, HttpStatusCode.BadRequest);

    /// <summary>The page with the dialogs that it opens.</summary>
    protected IRenderedComponent<IComponent> Show<TPage>(params (string Name, object Value)[] parameters)
        where TPage : IComponent => Render(builder =>
    {
        builder.OpenComponent<MudDialogProvider>(0);
        builder.CloseComponent();
        builder.OpenComponent<TPage>(1);
        builder.AddMultipleAttributes(2, parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value)));
        builder.CloseComponent();
    });

    protected static string Words(IRenderedComponent<IComponent> page) => string.Join(' ', page.Nodes.Select(node => node.TextContent));

    /// <summary>Presses the button of this name.</summary>
    protected static void Press(IRenderedComponent<IComponent> page, string name) =>
        page.WaitForElements("button").First(button => button.TextContent.Trim() == name).Click();

    private HttpResponseMessage Answer(HttpRequestMessage request)
    {
        var name = $"{request.Method} {request.RequestUri!.AbsolutePath}";
        if (request.Method != HttpMethod.Get)
        {
            var text = request.Content is null ? "" : new StreamReader(request.Content.ReadAsStream()).ReadToEnd();
            Texts.Add(text);
            Sent.Add((name, request.Content?.Headers.ContentType?.MediaType == "application/json" ? JsonSerializer.Deserialize<JsonElement>(text) : default));
        }

        return answers.TryGetValue(name, out var answer) ? answer() : new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
    }
}
