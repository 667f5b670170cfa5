using System.Collections.Immutable;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Serverless940.Local.Functions;

/// <summary>A function as the host found it.</summary>
internal sealed class FunctionEntry
{
    public required string Name { get; init; }

    public required MethodInfo Method { get; init; }

    public required ParameterInfo[] Parameters { get; init; }

    public required ParameterInfo TriggerParameter { get; init; }

    public required TriggerBindingAttribute Trigger { get; init; }

    public RetryAttribute? Retry { get; init; }

    public required FunctionDefinition Definition { get; init; }

    /// <summary>Set by <c>AzureWebJobs.{name}.Disabled</c>: no trigger runs it.</summary>
    public bool Disabled { get; set; }

    public string TriggerParameterName => TriggerParameter.Name!;
}

/// <summary>Finds functions by their attributes.</summary>
internal static class FunctionFinder
{
    /// <summary>The functions of the given types, in the order in which the host loads them: by name.</summary>
    /// <exception cref="LocalHostException">Two functions have one name, or a function has not exactly one trigger.</exception>
    public static List<FunctionEntry> Find(IEnumerable<Type> types)
    {
        var functions = new List<FunctionEntry>();
        foreach (var type in types.Where(type => type is { IsClass: true, ContainsGenericParameters: false }))
        {
            foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            {
                if (method.GetCustomAttribute<FunctionAttribute>() is { } function)
                {
                    functions.Add(Describe(function.Name, method));
                }
            }
        }

        functions = [.. functions.OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase)];
        for (var i = 1; i < functions.Count; i++)
        {
            if (string.Equals(functions[i - 1].Name, functions[i].Name, StringComparison.OrdinalIgnoreCase))
            {
                throw new LocalHostException($"Two functions are called {functions[i - 1].Name}: {Place(functions[i - 1].Method)} and {Place(functions[i].Method)}.");
            }
        }

        return functions;
    }

    public static string Place(MethodInfo method) => $"{method.DeclaringType!.FullName}.{method.Name}";

    private static FunctionEntry Describe(string name, MethodInfo method)
    {
        var parameters = method.GetParameters();
        var triggers = (from parameter in parameters
                        let trigger = parameter.GetCustomAttribute<TriggerBindingAttribute>()
                        where trigger is not null
                        select (Parameter: parameter, Trigger: trigger)).ToList();
        if (triggers.Count != 1)
        {
            throw new LocalHostException($"Function {name} ({Place(method)}) needs exactly one trigger, and has {triggers.Count}.");
        }

        if (name.Length is 0 or > 128 || !char.IsAsciiLetter(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
        {
            throw new LocalHostException($"'{name}' ({Place(method)}) cannot be a function's name: a letter, then letters, digits, '-' and '_'.");
        }

        return new FunctionEntry
        {
            Name = name,
            Method = method,
            Parameters = parameters,
            TriggerParameter = triggers[0].Parameter,
            Trigger = triggers[0].Trigger,
            Retry = method.GetCustomAttribute<RetryAttribute>(),
            Definition = new LocalDefinition(name, method, parameters, triggers[0].Parameter.Name!, triggers[0].Trigger),
        };
    }

    private sealed class LocalDefinition : FunctionDefinition
    {
        public LocalDefinition(string name, MethodInfo method, ParameterInfo[] parameters, string triggerParameter, TriggerBindingAttribute trigger)
        {
            Name = name;
            EntryPoint = $"{method.DeclaringType!.FullName}.{method.Name}";
            PathToAssembly = method.DeclaringType.Assembly.Location;
            Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{EntryPoint}|{name}")).AsSpan(0, 8));
            Parameters = [.. parameters.Select(p => new FunctionParameter(p.Name!, p.ParameterType, p.HasDefaultValue, p.HasDefaultValue ? p.DefaultValue : null))];
            var kind = trigger.GetType().Name;
            kind = kind[..^"Attribute".Length];
            InputBindings = ImmutableDictionary<string, BindingMetadata>.Empty.Add(
                triggerParameter, new Metadata(triggerParameter, char.ToLowerInvariant(kind[0]) + kind[1..], BindingDirection.In));
            OutputBindings = trigger is HttpTriggerAttribute
                ? ImmutableDictionary<string, BindingMetadata>.Empty.Add("$return", new Metadata("$return", "http", BindingDirection.Out))
                : ImmutableDictionary<string, BindingMetadata>.Empty;
        }

        public override ImmutableArray<FunctionParameter> Parameters { get; }

        public override string PathToAssembly { get; }

        public override string EntryPoint { get; }

        public override string Id { get; }

        public override string Name { get; }

        public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; }

        public override IImmutableDictionary<string, BindingMetadata> OutputBindings { get; }
    }

    private sealed class Metadata(string name, string type, BindingDirection direction) : BindingMetadata
    {
        public override string Name => name;

        public override string Type => type;

        public override BindingDirection Direction => direction;
    }
}
