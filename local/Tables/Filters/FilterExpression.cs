#nullable enable
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Serverless940.Local.Tables;

/// <summary>
/// Turns a filter expression into OData, in the very form of the official client: comparisons, and/or/not, string and
/// instant comparison methods, boolean members, a bag's indexer and typed getters; everything else is computed first or refused.
/// </summary>
internal sealed class FilterExpression
{
    private static readonly string[] BagGetters =
    [
        "get_Item", nameof(TableEntity.GetString), nameof(TableEntity.GetBinary), nameof(TableEntity.GetBinaryData), nameof(TableEntity.GetBoolean),
        nameof(TableEntity.GetDateTime), nameof(TableEntity.GetDateTimeOffset), nameof(TableEntity.GetDouble), nameof(TableEntity.GetGuid),
        nameof(TableEntity.GetInt32), nameof(TableEntity.GetInt64),
    ];

    private readonly StringBuilder _text = new();
    private readonly ParameterExpression _entity;

    private FilterExpression(ParameterExpression entity) => _entity = entity;

    /// <summary>The filter, or <see langword="null"/> where it lets everything through.</summary>
    /// <exception cref="NotSupportedException">The service has no such filter.</exception>
    public static string? ToOData(LambdaExpression filter)
    {
        Argument.NotNull(filter, nameof(filter));
        var writer = new FilterExpression(filter.Parameters[0]);
        writer.WriteCondition(filter.Body);
        var text = writer._text.ToString();
        return text == "true" ? null : text;
    }

    private void WriteCondition(Expression expression)
    {
        if (!Mentions(expression))
        {
            _text.Append(ODataFilter.Constant(Evaluate(expression)));
            return;
        }

        switch (expression)
        {
            case BinaryExpression binary:
                WriteBinary(binary);
                break;
            case UnaryExpression { NodeType: ExpressionType.Not } not:
                _text.Append("not ");
                WriteConditionOperand(not.Operand);
                break;
            case UnaryExpression { NodeType: ExpressionType.Convert } convert when IsTruth(convert.Type):
                WriteCondition(convert.Operand);
                break;
            case MemberExpression or MethodCallExpression when IsTruth(expression.Type) && !IsComparison(expression):
                WriteValue(expression);
                _text.Append(" eq true");
                break;
            case MethodCallExpression call:
                WriteEqualsCall(call);
                break;
            default:
                throw Unsupported(expression);
        }
    }

    private void WriteBinary(BinaryExpression binary)
    {
        if (Logical(binary.NodeType) is { } logical && IsTruth(binary.Type))
        {
            WriteConditionOperand(binary.Left);
            _text.Append(logical);
            WriteConditionOperand(binary.Right);
            return;
        }

        var relation = Relation(binary.NodeType) ?? throw Unsupported(binary);
        var left = Unwrap(binary.Left);
        if (left is MethodCallExpression call && Compared(call) is var (first, second))
        {
            if (Mentions(binary.Right) || Evaluate(binary.Right) is not 0)
            {
                throw Unsupported(binary);
            }

            WriteRelation(first, relation, second);
            return;
        }

        WriteRelation(left, relation, binary.Right);
    }

    private void WriteRelation(Expression left, string relation, Expression right)
    {
        WriteOperand(Unwrap(left));
        _text.Append(relation);
        WriteOperand(Unwrap(right));
    }

    private void WriteConditionOperand(Expression expression)
    {
        if (!Mentions(expression))
        {
            WriteCondition(expression);
            return;
        }

        _text.Append('(');
        WriteCondition(expression);
        _text.Append(')');
    }

    private void WriteOperand(Expression expression)
    {
        if (!Mentions(expression))
        {
            _text.Append(ODataFilter.Constant(Evaluate(expression)));
        }
        else if (expression is BinaryExpression or UnaryExpression { NodeType: ExpressionType.Not })
        {
            WriteConditionOperand(expression);
        }
        else
        {
            WriteValue(expression);
        }
    }

    private void WriteValue(Expression expression)
    {
        switch (expression)
        {
            case UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.TypeAs } convert:
                WriteValue(convert.Operand);
                break;
            case MemberExpression { Member.Name: "Value", Expression: { } inner } when Nullable.GetUnderlyingType(inner.Type) is not null:
                WriteValue(inner);
                break;
            case MemberExpression { Member: FieldInfo field }:
                throw new NotSupportedException($"Referencing public field '{field.Name}' not supported in query option expression. Use public property instead.");
            case MemberExpression member when member.Expression is { } owner && Unwrap(owner) == _entity:
                _text.Append(NameOf(member));
                break;
            case MethodCallExpression call when IsBagGetter(call) && !Mentions(call.Arguments[0]):
                _text.Append((string?)Evaluate(call.Arguments[0]));
                break;
            default:
                throw Unsupported(expression);
        }
    }

    private void WriteEqualsCall(MethodCallExpression call)
    {
        if (call.Method.Name != nameof(Equals))
        {
            throw Unsupported(call);
        }

        var wanted = call.Method.IsStatic ? 2 : 1;
        if (call.Arguments.Count != wanted)
        {
            throw new NotSupportedException("Equals with a kind of comparison is not supported: the service compares ordinally.");
        }

        WriteRelation(call.Object ?? call.Arguments[0], " eq ", call.Arguments[^1]);
    }

    private static (Expression First, Expression Second)? Compared(MethodCallExpression call)
    {
        if (call.Method.ReturnType != typeof(int))
        {
            return null;
        }

        return call switch
        {
            { Method: { Name: "CompareTo", IsStatic: false }, Arguments.Count: 1 } => (call.Object!, call.Arguments[0]),
            { Method: { Name: "Compare", IsStatic: true }, Arguments.Count: 2 } => (call.Arguments[0], call.Arguments[1]),
            { Method: { Name: "Compare", IsStatic: true } } =>
                throw new NotSupportedException("Compare with more than two arguments is not supported: the service compares ordinally."),
            _ => null,
        };
    }

    private static string NameOf(MemberExpression member) =>
        member.Member.DeclaringType == typeof(TableItem) && member.Member.Name == nameof(TableItem.Name)
            ? "TableName"
            : member.Member.GetCustomAttribute<DataMemberAttribute>()?.Name ?? member.Member.Name;

    private static bool IsComparison(Expression expression) =>
        expression is MethodCallExpression { Method.Name: nameof(Equals) };

    private bool IsBagGetter(MethodCallExpression call) =>
        call.Object is { } owner && Unwrap(owner) == _entity && call.Arguments.Count == 1 && BagGetters.Contains(call.Method.Name);

    private static bool IsTruth(Type type) => type == typeof(bool) || type == typeof(bool?);

    private static Expression Unwrap(Expression expression)
    {
        while (expression is UnaryExpression { NodeType: ExpressionType.Convert } convert)
        {
            expression = convert.Operand;
        }

        return expression;
    }

    private static string? Logical(ExpressionType type) => type switch
    {
        ExpressionType.AndAlso or ExpressionType.And => " and ",
        ExpressionType.OrElse or ExpressionType.Or => " or ",
        _ => null,
    };

    private static string? Relation(ExpressionType type) => type switch
    {
        ExpressionType.Equal => " eq ",
        ExpressionType.NotEqual => " ne ",
        ExpressionType.LessThan => " lt ",
        ExpressionType.LessThanOrEqual => " le ",
        ExpressionType.GreaterThan => " gt ",
        ExpressionType.GreaterThanOrEqual => " ge ",
        _ => null,
    };

    private bool Mentions(Expression expression)
    {
        var search = new Search(_entity);
        search.Visit(expression);
        return search.Found;
    }

    // Captured variables are read directly; only what is left is run, and interpreted, not compiled.
    private static object? Evaluate(Expression expression) => expression switch
    {
        ConstantExpression constant => constant.Value,
        MemberExpression { Member: FieldInfo field } member => field.GetValue(member.Expression is null ? null : Evaluate(member.Expression)),
        UnaryExpression { NodeType: ExpressionType.Convert, Method: null } convert
            when (Nullable.GetUnderlyingType(convert.Type) ?? convert.Type).IsAssignableFrom(Nullable.GetUnderlyingType(convert.Operand.Type) ?? convert.Operand.Type)
            => Evaluate(convert.Operand),
        _ => Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)(),
    };

    private static NotSupportedException Unsupported(Expression expression) => new($"The expression {expression} is not supported.");

    private sealed class Search(ParameterExpression wanted) : ExpressionVisitor
    {
        public bool Found { get; private set; }

        protected override Expression VisitParameter(ParameterExpression node)
        {
            Found |= node == wanted;
            return node;
        }
    }
}
